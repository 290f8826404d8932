import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { endChromium } from './chromium.mjs';
import { CLIENTS } from './clients.mjs';
import { startCulvert } from './culvert.mjs';
import { FRONTS, through } from './fronts.mjs';
import { LOOPBACK } from './port.mjs';
import { whyNot } from './program.mjs';
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
  await endChromium();
  await culvert?.end();
  await app?.end();
});

for (const front of FRONTS) {
  for (const path of PATHS) {
    for (const client of CLIENTS) {
      const transport = front.expected[path];
      const name = `${front.name}, ${path} Culvert: ${client.name} ends on ${transport}`;
      test(name, { skip: whyNot(front.program, client.program), timeout: BOUND_MS }, async () => {
        const behind = path === 'with' ? culvert.port : app.port;
        const seen = await through(front, behind, (port) => client.converse(`http://${LOOPBACK}:${port}`, name));
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
