import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';
/** Below the range from which the kernel takes the ports of outgoing connections: none of those gets there first. */
const FIRST = 20_000;
const COUNT = 10_000;
const TRIES = 100;

/** A loopback port for a server that has to be told one. */
export async function freePort() {
  for (let i = 0; i < TRIES; i++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`no free port from ${FIRST} to ${FIRST + COUNT}`);
}

async function isFree(port) {
  const server = createServer();
  const free = await first(server.listen(port, LOOPBACK), 'listening');
  server.close();
  return free;
}

/** Whether somebody accepts connections there. */
export async function accepts(port) {
  const socket = connect(port, LOOPBACK);
  const accepted = await first(socket, 'connect');
  socket.destroy();
  return accepted;
}

/** Whether `event` comes before an error does. */
function first(emitter, event) {
  return once(emitter, event).then(
    () => true,
    () => false,
  );
}
