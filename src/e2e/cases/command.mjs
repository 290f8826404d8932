import { buffer } from 'node:stream/consumers';
import { finished, pipeline } from 'node:stream/promises';

/** What a container runtime reads from a process at once. */
const PIECE = 32 * 1024;

/** What the containers behind docker and kubectl can run; each resolves to its exit code. */
const COMMANDS = {
  /** Answers as it reads. */
  async cat({ stdin, stdout }) {
    await pipeline(stdin, stdout, { end: false });
    return 0;
  },

  /** Soaks up all of its input and answers then, as moreutils' sponge does: no end of stdin, no answer. */
  async sponge({ stdin, stdout, stderr }) {
    const soaked = await buffer(stdin);
    stderr.write(`soaked ${soaked.length}\n`);
    for (let from = 0; from < soaked.length; from += PIECE) {
      stdout.write(soaked.subarray(from, from + PIECE));
    }
    stderr.write('squeezed\n');
    return 42;
  },

  /** Ends first, whatever may come. */
  async quit({ stdin, stdout }) {
    stdin.resume();
    stdout.write('quit\n');
    return 3;
  },
};

/** Runs the command and resolves to its exit code when all that it said has been handed on. */
export async function runCommand(name, streams) {
  const code = await COMMANDS[name](streams);
  await Promise.all([streams.stdout, streams.stderr].map((stream) => finished(stream.end(), { readable: false })));
  return code;
}
