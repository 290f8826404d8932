// How long `culvert drain` takes from its start until the server drains, and until it ends with 0; see README.md.
import { once } from 'node:events';
import { freePort } from '../e2e/port.mjs';
import { launch } from '../e2e/program.mjs';
import { compile, takeCulvert } from './build.mjs';
import { split } from './options.mjs';
import { spread } from './statistics.mjs';
import { launch as prepare, startApp, withSettings } from './subjects.mjs';

const { values, command } = split(process.argv.slice(2), { runs: { type: 'string', default: '50' } });
takeCulvert(command);
compile({ withVertx: false });
const app = await startApp();
const runs = [];
for (let i = 0; i < Number(values.runs); i++) {
  runs.push(await run());
}
await app.end();
tell('until the server drains', 'begun');
tell('until it has ended with 0, no tunnel being open', 'ended');
process.exitCode = runs.length > 0 && runs.every(({ code }) => code === 0) ? 0 : 1;

function tell(what, field) {
  const { median, min, max } = spread(runs.map((run) => run[field]));
  console.log(`culvert drain, ms from its start ${what}: median ${median.toFixed(1)}, ${min.toFixed(1)} to ${max.toFixed(1)}, ${runs.length} runs`);
}

/** A server of its own for each: it drains once. Its period is 0, so that nothing is waited for but the work itself. */
async function run() {
  const culvert = withSettings('culvert-1', { CULVERT_ADMIN_PORT: await freePort() });
  const { words, env, clean } = await prepare(culvert, app);
  const server = launch(words[0], words.slice(1), { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const says = lines(server.stdout);
  await says(/Listening on:/);
  const draining = says(/Drain: begun/);

  const began = performance.now();
  const client = launch(words[0], [...words.slice(1), 'drain'], { env, stdio: 'inherit' });
  const begun = draining.then(() => performance.now() - began);
  const [code] = await once(client, 'exit');
  const ended = performance.now() - began;
  const end = once(server, 'exit');
  server.kill('SIGTERM');
  await end;
  clean();
  return { begun: code === 0 ? await begun : NaN, ended, code };
}

/** Waits for a line of a program's output, or for its end. */
function lines(stream) {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece) => (text += piece));
  return async (pattern) => {
    while (!pattern.test(text) && !stream.readableEnded) {
      await Promise.race([once(stream, 'data'), once(stream, 'end')]);
    }
  };
}
