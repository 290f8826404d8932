import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { runCommand } from './command.mjs';
import { acceptStreams } from './spdy.mjs';

/** The channels of v5.channel.k8s.io: a message begins with its channel, or with CLOSE and the channel that ends. */
const [STDIN, STDOUT, STDERR, ERROR] = [0, 1, 2, 3];
const CLOSE = 255;
/** kubectl takes any other code, and none, for a failure. */
const NORMAL = 1000;
/** As SPDY names the same. */
const STREAMS = ['stdin', 'stdout', 'stderr', 'error'];

/** Runs the command on the channels of a WebSocket. */
export async function executeOnWebSocket(command, webSocket) {
  const stdin = new PassThrough();
  webSocket.on('message', (message) => {
    if (message[0] === STDIN) {
      stdin.write(message.subarray(1));
    } else if (message[0] === CLOSE && message[1] === STDIN) {
      stdin.end();
    }
  });
  const [stdout, stderr, error] = [STDOUT, STDERR, ERROR].map((number) => channel(webSocket, number));
  await execute(command, { stdin, stdout, stderr, error });
  webSocket.close(NORMAL);
}

function channel(webSocket, number) {
  return new Writable({
    write: (piece, _encoding, done) => webSocket.send(Buffer.concat([Buffer.from([number]), piece]), done),
  });
}

/** Runs the command on the streams that the client opens. */
export async function executeOnSpdy(command, socket) {
  const streams = {};
  await acceptStreams(socket, ({ streamtype }, stream) => {
    streams[streamtype] = stream;
    if (STREAMS.every((name) => name in streams)) {
      execute(command, streams).catch(() => socket.destroy());
    }
  });
}

async function execute(command, { error, ...streams }) {
  const code = await runCommand(command, streams);
  await finished(error.end(JSON.stringify(status(code))), { readable: false });
}

function status(code) {
  if (code === 0) {
    return { metadata: {}, status: 'Success' };
  }
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
