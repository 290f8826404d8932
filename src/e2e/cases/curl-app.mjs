import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readUpgradeBody, sight, startHttp } from './app.mjs';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455 §1.3
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

/** What every GET is answered with that asks for nothing else. */
export const CONTENT = randomBytes(4 * 1024 * 1024);
/** What everybody hears who opens a WebSocket (RFC 6455 §5.2): a message whose length takes 64 bits, and the end. */
export const FRAMES = Buffer.concat([binaryHead(CONTENT.length), CONTENT, Buffer.from([0x88, 2, 0x03, 0xe8])]);

/** An app for curl: takes and gives bodies, talks to WebSockets, and echoes the body of an upgrade to `echo/1`. */
export function startApp() {
  const seen = [];
  const see = ({ method, headers }, protocol) => seen.push(sight(`${method} ${protocol}`, headers));
  const http = createServer(async (request, response) => {
    if ('sec-websocket-key' in request.headers) {
      response.writeHead(426).end(); // as ws answers a handshake that has lost its fields
    } else {
      see(request, 'HTTP/1.1');
      response.end(request.method === 'PUT' ? await buffer(request) : CONTENT);
    }
  });
  http.on('upgrade', (request, socket, head) => {
    const { upgrade } = request.headers;
    see(request, upgrade);
    void (upgrade === 'websocket' ? greet(request, socket) : echo(request, socket, head));
  });
  return startHttp(http, seen);
}

function greet(request, socket) {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + GUID)
    .digest('base64');
  socket.write(switched('websocket', `Sec-WebSocket-Accept: ${accept}\r\n`));
  socket.end(FRAMES);
}

async function echo(request, socket, head) {
  socket.write(CONTINUE);
  const body = await readUpgradeBody(request, socket, head);
  socket.write(switched('echo/1', ''));
  socket.end(body);
}

function switched(protocol, fields) {
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${fields}\r\n`;
}

function binaryHead(length) {
  const head = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
