const BOUND_MS = 15_000;

/**
 * Connects with socket.io's defaults, waits until it has settled on a transport and lets each side say something.
 * Runs in Node and in a browser.
 */
export async function converse(io, url, question) {
  const socket = io(url, { forceNew: true, reconnection: false });
  try {
    return await within(BOUND_MS, exchange(socket, question));
  } finally {
    socket.disconnect();
  }
}

async function exchange(socket, question) {
  const failure = new Promise((_, reject) => {
    socket.once('connect_error', reject);
    socket.once('disconnect', (reason) => reject(new Error(`disconnected: ${reason}`)));
  });
  const news = new Promise((resolve) => socket.once('news', resolve));
  await Promise.race([settled(socket.io.engine), failure]);
  const answer = await Promise.race([socket.emitWithAck('question', question), failure]);
  const heard = await Promise.race([news, failure]);
  return { transport: socket.io.engine.transport.name, answer, news: heard };
}

/** socket.io begins with polling and probes a WebSocket beside it: either it moves there or the probe fails. */
function settled(engine) {
  return new Promise((resolve) => {
    engine.once('upgrade', resolve);
    engine.once('upgradeError', resolve);
  });
}

async function within(bound, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${bound} ms`)), bound);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
