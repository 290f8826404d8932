import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { CLIENTS, endClients } from './clients.mjs';
import { startCulvert } from './culvert.mjs';
import { FRONTS } from './fronts.mjs';
import { LOOPBACK } from './port.mjs';
import { find } from './program.mjs';
import { Table } from './table.mjs';

const PATHS = ['without', 'with'];
const BOUND_MS = 60_000;

const table = new Table(
  FRONTS.map((front) => front.title),
  PATHS,
  CLIENTS.map((client) => client.name),
);
let app;
let culvert;

before(async () => {
  app = await startApp();
  culvert = await startCulvert(app.port);
});

after(async () => {
  process.once('exit', () => table.publish()); // below the last test's line
  await endClients();
  await culvert?.end();
  await app?.end();
});

for (const front of FRONTS) {
  for (const path of PATHS) {
    for (const client of CLIENTS) {
      const transport = front.expected[path];
      const name = `${front.name}, ${path} Culvert: ${client.name} ends on ${transport}`;
      test(name, { skip: whyNot(front, client), timeout: BOUND_MS }, async () => {
        const seen = await converseThrough(front, path, client, name);
        table.record(front.title, path, client.name, seen.transport);
        assert.deepEqual(seen, {
          transport,
          answer: { heard: name, transport, forwarded: path === 'with' },
          news: `news after ${name}`,
        });
      });
    }
  }
}

/** Names what is not installed; false if nothing is missing. */
function whyNot(...parts) {
  const missing = parts.map((part) => part.program).filter((program) => program && !find(program));
  return missing.length > 0 && `not installed: ${missing.join(', ')}`;
}

async function converseThrough(front, path, client, question) {
  const { port, end } = await front.start(path === 'with' ? culvert.port : app.port);
  try {
    return await client.converse(`http://${LOOPBACK}:${port}`, question);
  } finally {
    await end();
  }
}
