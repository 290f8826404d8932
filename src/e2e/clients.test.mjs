import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { APPS } from './cases/index.mjs';
import { endChromium } from './chromium.mjs';
import { startCulvert } from './culvert.mjs';
import { FRONTS, through } from './fronts.mjs';
import { whyNot } from './program.mjs';
import { publish } from './table.mjs';

const BOUND_MS = 60_000;
const [NONE, NGINX] = ['none', 'bare-nginx'].map((name) => FRONTS.find((front) => front.name === name));
/** On each way to the app a case has its protocol to expect, the error of a refusal, or nothing where nobody tries. */
const STRAIGHT = { title: 'straight', front: NONE, culvert: false, expected: (one) => one.protocol };
const PATHS = [
  STRAIGHT,
  { title: 'through Culvert', front: NONE, culvert: true, expected: (one) => one.protocol },
  { title: 'through bare nginx', front: NGINX, culvert: false, expected: (one) => one.behindNginx },
  {
    title: 'through bare nginx and Culvert',
    front: NGINX,
    culvert: true,
    expected: (one) => one.behindNginx && one.protocol,
  },
];
/** The straight way only shows that the client and the app get on with each other. */
const COLUMNS = PATHS.filter((path) => path !== STRAIGHT);

const seen = new Map();

after(async () => {
  process.once('exit', publishSeen); // below the last test's line
  await endChromium();
});

for (const { name, start, cases } of APPS) {
  describe(name, () => {
    let app;
    let culvert;

    before(async () => {
      app = await start();
      culvert = await startCulvert(app.port);
    });

    after(async () => {
      await culvert?.end();
      await app?.end();
    });

    for (const one of cases) {
      for (const path of PATHS.filter(({ expected }) => expected(one))) {
        const skip = whyNot(one.program, path.front.program);
        test(nameOf(one, path), { skip, timeout: BOUND_MS }, async () => {
          seen.set(nameOf(one, path), await tryPath(one, path, app, culvert));
        });
      }
    }
  });
}

function nameOf(one, path) {
  return `${one.client}, ${one.protocol}, ${path.title}`;
}

/** Resolves to what became of the client's attempt, which is what was expected. */
async function tryPath(one, path, app, culvert) {
  app.seen.length = 0;
  const expected = path.expected(one);
  const talk = through(path.front, (path.culvert ? culvert : app).port, (port) => one.converse(port, app));
  if (expected instanceof RegExp) {
    await assert.rejects(talk, { message: expected });
    assert.deepEqual(app.seen, []);
    return 'refused';
  }
  await talk;
  assert.notEqual(app.seen.length, 0);
  assert.deepEqual(app.seen, Array(app.seen.length).fill({ protocol: expected, forwarded: path.culvert }));
  return expected === one.protocol ? 'passed' : expected;
}

function publishSeen() {
  const cell = (one, path) => seen.get(nameOf(one, path)) ?? (path.expected(one) ? 'not seen' : '–');
  const head = ['client', 'protocol', 'what was carried', ...COLUMNS.map((path) => path.title)];
  const rows = APPS.flatMap(({ cases }) => cases).map((one) => [
    one.client,
    one.protocol,
    one.carried,
    ...COLUMNS.map((path) => cell(one, path)),
  ]);
  publish(head, rows, 'E2E_CLIENTS_TABLE');
}
