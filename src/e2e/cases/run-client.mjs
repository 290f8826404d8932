import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { launch } from '../program.mjs';

const BOUND_MS = 30_000;

/**
 * Runs a client program to its end, in an environment without settings, proxies or a user's files. Its stdin ends
 * behind `input`, or not at all where there is none.
 */
export async function runClient(name, args, { env = {}, input } = {}) {
  const home = await mkdtemp(join(tmpdir(), `culvert-e2e-${name}-`));
  try {
    const child = launch(name, args, {
      env: { PATH: process.env.PATH, HOME: home, ...env },
      timeout: BOUND_MS,
      killSignal: 'SIGKILL',
    });
    child.stdin.on('error', () => {}); // a client that ends before its input tells so by its exit code
    if (input !== undefined) {
      child.stdin.end(input);
    }
    const [stdout, stderr, [code]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { stdout, stderr, code };
  } finally {
    await rm(home, { recursive: true });
  }
}
