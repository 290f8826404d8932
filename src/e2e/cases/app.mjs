import { once } from 'node:events';
import { LOOPBACK } from '../port.mjs';

/** Makes an app of a server; `seen` is for what it sees of its clients. Its end is that of all of its connections. */
export async function startHttp(http, seen) {
  const sockets = new Set();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the client is the one to complain
    socket.once('close', () => sockets.delete(socket));
  });
  await once(http.listen(0, LOOPBACK), 'listening');
  const end = () => {
    http.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return { port: http.address().port, seen, end };
}

/** What an app sees of a client: the protocol that they ended on, and whether somebody stood between them. */
export function sight(protocol, headers) {
  return { protocol, forwarded: 'x-forwarded-for' in headers };
}

/**
 * Resolves to the body of an upgrade request. Node leaves it in the request or at the head of the socket: that depends
 * on its version.
 */
export async function readUpgradeBody(request, socket, head) {
  socket.unshift(head);
  const pieces = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  let missing = Number(request.headers['content-length']) - pieces.reduce((sum, { length }) => sum + length, 0);
  while (missing > 0) {
    const piece = socket.read(Math.min(missing, socket.readableLength));
    if (piece) {
      pieces.push(piece);
      missing -= piece.length;
    } else {
      await once(socket, 'readable');
    }
  }
  return Buffer.concat(pieces);
}
