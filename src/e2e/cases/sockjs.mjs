import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import sockjs from 'sockjs';
import SockJS from 'sockjs-client';
import { LOOPBACK } from '../port.mjs';
import { sight, startHttp } from './app.mjs';

/** Below nginx' limit for a body, with which it meets what falls back to HTTP. */
const TEXT = 'Grüße '.repeat(64 * 1024);

export const SOCKJS = {
  name: 'sockjs',
  start: startApp,
  cases: [
    {
      client: 'sockjs-client',
      protocol: 'websocket',
      carried: "512 KiB of text, echoed; the app's close code",
      behindNginx: 'xhr-polling',
      converse,
    },
  ],
};

function startApp() {
  const seen = [];
  const http = createServer();
  const echo = sockjs.createServer({ log() {} });
  echo.on('connection', (connection) => {
    // The client may open and give up others before it settles on a transport.
    connection.once('data', () => seen.push(sight(connection.protocol, connection.headers)));
    connection.on('data', (text) =>
      text === 'close me' ? connection.close(4002, 'the app first') : connection.write(text),
    );
  });
  echo.installHandlers(http, { prefix: '/echo' });
  return startHttp(http, seen);
}

async function converse(port) {
  const socket = new SockJS(`http://${LOOPBACK}:${port}/echo`);
  const next = (event) => new Promise((resolve) => (socket[`on${event}`] = resolve));
  await Promise.race([next('open'), next('close').then(({ reason }) => assert.fail(reason))]);
  const [{ data }] = await Promise.all([next('message'), socket.send(TEXT)]);
  assert.ok(data === TEXT, 'another text');
  const [{ code, reason }] = await Promise.all([next('close'), socket.send('close me')]);
  assert.deepEqual({ code, reason }, { code: 4002, reason: 'the app first' });
}
