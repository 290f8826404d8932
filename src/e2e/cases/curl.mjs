import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { LOOPBACK } from '../port.mjs';
import { CONTENT, FRAMES, startApp } from './curl-app.mjs';
import { assertSame } from './exec.mjs';
import { runClient } from './run-client.mjs';

const BODY = randomBytes(4 * 1024 * 1024);
const END_OF_HEAD = '\r\n\r\n';

const [OK, SWITCHED, CONTINUE] = ['200 OK', '101 Switching Protocols', '100 Continue'];

export const CURL = {
  name: 'curl',
  start: startApp,
  cases: [
    {
      protocol: 'GET websocket',
      carried: 'the 101, and frames of 4 MiB until the app ends',
      behindNginx: /426 Upgrade Required/,
      converse: async (port) => {
        const key = `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`;
        const answer = await curl(port, switching('websocket', 'Sec-WebSocket-Version: 13', key));
        assertAnswer(answer, [SWITCHED], FRAMES);
      },
    },
    {
      protocol: 'POST echo/1',
      carried: 'the 100, a body of 4 MiB, the 101, the body echoed',
      converse: async (port) => {
        const args = [...switching('echo/1', 'Expect: 100-continue'), '--data-binary', '@-'];
        assertAnswer(await curl(port, args, BODY), [CONTINUE, SWITCHED], BODY);
      },
    },
    {
      protocol: 'PUT HTTP/1.1',
      carried: 'the 100, 4 MiB in chunks, echoed',
      converse: async (port) => assertAnswer(await curl(port, ['-T', '-'], BODY), [CONTINUE, OK], BODY),
    },
    {
      protocol: 'GET HTTP/1.1',
      carried: '4 MiB down',
      converse: async (port) => assertAnswer(await curl(port, []), [OK], CONTENT),
    },
  ].map((each) => ({ client: 'curl', program: 'curl', ...each })),
};

function switching(protocol, ...fields) {
  return ['Connection: Upgrade', `Upgrade: ${protocol}`, ...fields].flatMap((field) => ['-H', field]);
}

/** Resolves to what came: every head, and what is behind the last. */
async function curl(port, args, input) {
  const line = [
    '--silent',
    '--show-error',
    '--include',
    '--no-buffer',
    '--http1.1',
    ...args,
    `http://${LOOPBACK}:${port}/`,
  ];
  const { stdout, stderr, code } = await runClient('curl', line, { input });
  assert.deepEqual({ stderr, code }, { stderr: '', code: 0 });
  return stdout;
}

function assertAnswer(answer, statuses, rest) {
  let from = 0;
  for (const status of statuses) {
    const end = answer.indexOf(END_OF_HEAD, from);
    assert.equal(answer.toString('latin1', from, end).split('\r\n')[0], `HTTP/1.1 ${status}`);
    from = end + END_OF_HEAD.length;
  }
  assertSame(answer.subarray(from), rest);
}
