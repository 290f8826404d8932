import { chromium } from 'playwright-core';
import { io } from 'socket.io-client';
import { converse } from './conversation.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Who talks to the app. `program` has to be installed; `converse` resolves to what the client saw. */
export const CLIENTS = [
  { name: 'Node', converse: (url, question) => converse(io, url, question) },
  { name: 'Chromium', program: CHROMIUM, converse: converseInPage },
];

let browser;

async function converseInPage(url, question) {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const page = await browser.newPage();
  try {
    await page.goto(url);
    return await page.evaluate(async (words) => {
      const conversation = await import('/conversation.mjs');
      return conversation.converse(window.io, location.origin, words);
    }, question);
  } finally {
    await page.close();
  }
}

/** Ends the browser, if a client needed one. */
export async function endClients() {
  await browser?.close();
}
