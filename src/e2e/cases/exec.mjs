import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

const MEBIBYTE = randomBytes(1024 * 1024);

/** What `tryCommands` has gone through. */
export const EXEC_CARRIED =
  "1 MiB each way, also after the end of stdin; stderr apart; exit codes; the container's end first";

/** Has `exec(command, input)` run what the container offers; it resolves to what its client said and ended with. */
export async function tryCommands(exec) {
  await soak(exec);
  await echo(exec);
  await quit(exec);
}

async function soak(exec) {
  const said = await exec('sponge', MEBIBYTE);
  assert.match(said.stderr, new RegExp(`^soaked ${MEBIBYTE.length}\nsqueezed\n`));
  assertSame(said.stdout, MEBIBYTE);
  assert.equal(said.code, 42);
}

async function echo(exec) {
  const said = await exec('cat', MEBIBYTE);
  assert.equal(said.stderr, '');
  assertSame(said.stdout, MEBIBYTE);
  assert.equal(said.code, 0);
}

/** The container ends first: the client's input stays open. */
async function quit(exec) {
  const said = await exec('quit');
  assert.equal(said.stdout.toString(), 'quit\n');
  assert.equal(said.code, 3);
}

/** For bytes that nobody wants to see in a message. */
export function assertSame(actual, expected) {
  assert.equal(actual.length, expected.length);
  assert.ok(expected.equals(actual), 'other bytes of the same length');
}
