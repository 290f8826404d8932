import { chromium } from 'playwright-core';

/** The browser's program. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser;

/** What `work` resolves to where it runs: in Chromium, on the page of that URL. */
export async function inPage(url, work, argument) {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const page = await browser.newPage();
  try {
    await page.goto(url);
    return await page.evaluate(work, argument);
  } finally {
    await page.close();
  }
}

/** Ends the browser, if there has been a page. */
export async function endChromium() {
  await browser?.close();
}
