import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { buildSchema } from 'graphql';
import { createClient, handleProtocols } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { LOOPBACK } from '../port.mjs';
import { sight, startHttp } from './app.mjs';

const TEXT = 'Grüße '.repeat(128 * 1024);
const SCHEMA = buildSchema(`
  type Query { whoami: String }
  type Mutation { echo(text: String!): String }
  type Subscription { countdown(from: Int!): Int, ticks: Int }
`);

export const GRAPHQL = {
  name: 'graphql-ws',
  start: startApp,
  cases: [
    {
      client: 'graphql-ws',
      protocol: 'graphql-transport-ws',
      carried: 'a subscription to its end, another given up; a mutation of 1 MiB, echoed',
      behindNginx: /Unexpected server response: 400/,
      converse,
    },
  ],
};

async function startApp() {
  const seen = [];
  const tickers = new EventEmitter();
  const http = createServer((_request, response) => response.writeHead(400).end());
  const webSockets = new WebSocketServer({ server: http, path: '/graphql', handleProtocols });
  webSockets.on('connection', (webSocket, request) => seen.push(sight(webSocket.protocol, request.headers)));
  useServer({ schema: SCHEMA, roots: roots(tickers), context: ({ connectionParams }) => connectionParams }, webSockets);
  return { ...(await startHttp(http, seen)), tickers };
}

function roots(tickers) {
  return {
    query: { whoami: (_arguments, { name }) => name },
    mutation: { echo: ({ text }) => text },
    subscription: {
      async *countdown({ from }) {
        for (let i = from; i > 0; i--) {
          yield { countdown: i };
        }
      },
      async *ticks() {
        try {
          for (let i = 0; ; i++) {
            yield { ticks: i };
            await setImmediate();
          }
        } finally {
          tickers.emit('end');
        }
      },
    },
  };
}

async function converse(port, app) {
  const url = `ws://${LOOPBACK}:${port}/graphql`;
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { name: 'culvert' },
    retryAttempts: 0,
  });
  try {
    await talk((query, variables) => client.iterate({ query, variables }), app.tickers);
  } finally {
    await client.dispose();
  }
}

async function talk(ask, tickers) {
  assert.deepEqual(await all(ask('{ whoami }')), [{ whoami: 'culvert' }]);
  const [{ echo }] = await all(ask('mutation ($text: String!) { echo(text: $text) }', { text: TEXT }));
  assert.ok(echo === TEXT, 'another text');
  const countdown = await all(ask('subscription { countdown(from: 3) }'));
  assert.deepEqual(countdown, [{ countdown: 3 }, { countdown: 2 }, { countdown: 1 }]);
  const stopped = once(tickers, 'end');
  for await (const { data } of ask('subscription { ticks }')) {
    if (data.ticks === 2) {
      break;
    }
  }
  await stopped;
}

async function all(answers) {
  const data = [];
  for await (const answer of answers) {
    data.push({ ...answer.data });
  }
  return data;
}
