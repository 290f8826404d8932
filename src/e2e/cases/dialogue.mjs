const MEBIBYTE = 1024 * 1024;
/** The most that getRandomValues gives at once. */
const RANDOM_BYTES = 64 * 1024;

/** Talks to `echo-app.mjs` with any WebSocket of the standard's API, in Node or in a browser, and tells what it saw. */
export async function talk(WebSocket, url) {
  const socket = await open(WebSocket, url);
  const text = 'Grüße '.repeat(MEBIBYTE / 8);
  const bytes = randomBytes(MEBIBYTE);
  const saw = {
    textIsSame: (await ask(socket, text)) === text,
    bytesAreSame: areSame(new Uint8Array(await ask(socket, bytes)), bytes),
    afterPing: await ask(socket, 'ping me'),
  };
  const [mine] = await Promise.all([end(socket), socket.close(4001, 'the client first')]);
  const other = await open(WebSocket, url);
  const [theirs] = await Promise.all([end(other), other.send('close me')]);
  return { ...saw, ends: [mine, theirs] };
}

async function open(WebSocket, url) {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('no WebSocket')));
  });
  return socket;
}

async function ask(socket, question) {
  socket.send(question);
  const answer = await new Promise((resolve, reject) => {
    socket.addEventListener('message', resolve, { once: true });
    socket.addEventListener('close', ({ code }) => reject(new Error(`closed with ${code}`)), { once: true });
  });
  return answer.data;
}

async function end(socket) {
  const { code, reason, wasClean } = await new Promise((resolve) => socket.addEventListener('close', resolve));
  return { code, reason, wasClean };
}

function randomBytes(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES));
  }
  return bytes;
}

function areSame(some, others) {
  return some.length === others.length && some.every((byte, i) => byte === others[i]);
}
