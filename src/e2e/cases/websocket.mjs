import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { CHROMIUM, inPage } from '../chromium.mjs';
import { LOOPBACK } from '../port.mjs';
import { talk } from './dialogue.mjs';
import { startEcho } from './echo-app.mjs';

const ENDS = [
  { code: 4001, reason: 'the client first' },
  { code: 4002, reason: 'the app first' },
];

const WEBSOCKET = {
  carried: '1 MiB of text and of bytes, echoed; ping and pong; the close codes of either side',
  behindNginx: /no WebSocket/,
};

export const WEBSOCKETS = {
  name: 'ws',
  start: startEcho,
  cases: [
    {
      ...WEBSOCKET,
      client: 'ws',
      protocol: 'websocket',
      converse: (port, app) => converseInNode(port, app, { perMessageDeflate: false }),
    },
    {
      ...WEBSOCKET,
      client: 'ws',
      protocol: 'websocket, permessage-deflate',
      converse: (port, app) => converseInNode(port, app, { perMessageDeflate: true }),
    },
    {
      ...WEBSOCKET,
      client: 'a page in Chromium',
      program: CHROMIUM,
      protocol: 'websocket, permessage-deflate',
      converse: converseInPage,
    },
  ],
};

async function converseInPage(port, app) {
  app.ends.length = 0;
  const saw = await inPage(`http://${LOOPBACK}:${port}/`, async () => {
    const dialogue = await import('/dialogue.mjs');
    return dialogue.talk(WebSocket, `ws://${location.host}/echo`);
  });
  await check(app, saw, ENDS);
}

async function converseInNode(port, app, options) {
  app.ends.length = 0;
  const url = `ws://${LOOPBACK}:${port}/echo`;
  class Client extends WebSocket {
    constructor(address) {
      super(address, options);
    }
  }
  const saw = await talk(Client, url);
  await ping(new Client(url));
  await check(app, saw, [...ENDS, { code: 1005, reason: '' }]);
}

async function check(app, saw, ends) {
  assert.deepEqual(saw, {
    textIsSame: true,
    bytesAreSame: true,
    afterPing: 'pong: marco',
    ends: ENDS.map((end) => ({ ...end, wasClean: true })),
  });
  assert.deepEqual(await Promise.all(app.ends), ends);
}

/** No browser lets a page ping, but ws lets a program. */
async function ping(client) {
  await once(client, 'open');
  client.ping('polo');
  const [payload] = await once(client, 'pong');
  assert.equal(String(payload), 'polo');
  client.close();
  await once(client, 'close');
}
