import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { sight, startHttp } from './app.mjs';

const DIALOGUE = await readFile(new URL('dialogue.mjs', import.meta.url));

/** Echoes messages, pings and closes when it is told to; `ends` has a promise for each WebSocket's code and reason. */
export async function startEcho() {
  const seen = [];
  const ends = [];
  const http = createServer(serve);
  new WebSocketServer({ server: http, path: '/echo', perMessageDeflate: true }).on(
    'connection',
    (webSocket, request) => {
      const protocol = ['websocket', webSocket.extensions].filter(Boolean).join(', ');
      seen.push(sight(protocol, request.headers));
      ends.push(once(webSocket, 'close').then(([code, reason]) => ({ code, reason: String(reason) })));
      webSocket.on('message', (message, isBinary) => answer(webSocket, message, isBinary));
    },
  );
  return { ...(await startHttp(http, seen)), ends };
}

function answer(webSocket, message, isBinary) {
  const words = isBinary ? '' : String(message);
  if (words === 'ping me') {
    webSocket.once('pong', (payload) => webSocket.send(`pong: ${payload}`));
    webSocket.ping('marco');
  } else if (words === 'close me') {
    webSocket.close(4002, 'the app first');
  } else {
    webSocket.send(message, { binary: isBinary });
  }
}

/** The page and its script. */
function serve(request, response) {
  const files = {
    '/': ['text/html', '<!doctype html><title>echo</title>'],
    '/dialogue.mjs': ['text/javascript', DIALOGUE],
  };
  const [type, content] = files[request.url] ?? ['text/plain', ''];
  response.writeHead(content ? 200 : 404, { 'Content-Type': type }).end(content);
}
