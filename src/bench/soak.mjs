// Thousands of tunnels that say something, end in every way and come back, for as long as one likes; see README.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compile, OUT, takeCulvert } from './build.mjs';
import { load } from './measure.mjs';
import { split } from './options.mjs';
import { lines } from './plot.mjs';
import { openFiles, residentKib } from './proc.mjs';
import { floors, median, slope } from './statistics.mjs';
import { start, startApp, SUBJECTS } from './subjects.mjs';

const OPTIONS = {
  minutes: { type: 'string', default: '30' },
  tunnels: { type: 'string', default: '2000' },
  rate: { type: 'string', default: '2000' },
  subject: { type: 'string', default: 'culvert-1' },
};
const SAMPLE_MS = 2_000;
/** Heaps and pools grow to their size first. */
const WARM_UP = 1 / 3;
/** Most that memory may grow, as a share of itself in an hour. What less than this time shows is the garbage collector. */
const GROWTH = 0.01;
const TELLING_MINUTES = 10;
/** In so many seconds a collector has been there at least once; what is resident at the least in them is what is kept. */
const COLLECTED_SECONDS = 60;
const END_MS = 60_000;

const { values, command } = split(process.argv.slice(2), OPTIONS);
takeCulvert(command);
compile({ withVertx: values.subject === 'vertx' });
const app = await startApp();
const proxy = await start(SUBJECTS.find(({ name }) => name === values.subject), app);
await load('echo', proxy, app, { seconds: 0.5 }); // what is opened once, is open now
const before = { proxy: openFiles(proxy.pids), app: openFiles(app.pids) };

const samples = [];
const seconds = Number(values.minutes) * 60;
const running = load('soak', proxy, app, { tunnels: values.tunnels, rate: values.rate, churn: 0.01, seconds });
const seen = await Promise.race([running, sampling()]);
const closed = await filesAreBack();
await proxy.end();
await app.end();
judge();

/** Looks at the memory until the load is over. */
async function sampling() {
  const began = Date.now();
  let over = false;
  running.finally(() => (over = true));
  while (!over) {
    samples.push([(Date.now() - began) / 1000, residentKib(proxy.pids) / 1024, openFiles(proxy.pids)]);
    await Promise.race([pause(SAMPLE_MS), running]);
  }
  return running;
}

/** A tunnel's end takes a moment; whether all of them came. */
async function filesAreBack() {
  const deadline = Date.now() + END_MS;
  const back = () => openFiles(proxy.pids) <= before.proxy && openFiles(app.pids) <= before.app;
  while (!back() && Date.now() < deadline) {
    await pause(SAMPLE_MS / 20);
  }
  return back();
}

function judge() {
  const steady = samples.filter(([second]) => second >= seconds * WARM_UP && second <= seconds);
  const size = median(steady.map(([, mib]) => mib));
  const kept = floors(steady, COLLECTED_SECONDS);
  const growth = kept.length > 1 ? (slope(kept) * 3600) / size : 0;
  const faults = ['failed', 'lost', 'mismatched', 'truncated', 'stuck'].filter((fault) => seen[fault] > 0);
  const verdicts = [
    [faults.length === 0, `${seen.messages} messages, ${gigabytes(seen.payload_bytes)} GB there and back`
      + `${faults.length ? '' : ', each byte as it was sent'}; ${seen.closed} tunnels closed, ${seen.half_closed} half-closed, ${seen.reset} reset`
      + faults.map((fault) => `; ${fault}: ${seen[fault]}`).join('')],
    [closed, `files: ${before.proxy} open before, ${closed ? 'no more' : 'more'} a moment behind`],
    [growth < GROWTH || seconds < TELLING_MINUTES * 60, `memory: ${size?.toFixed(1)} MiB, ${(growth * 100).toFixed(2)} % an hour`],
  ];
  verdicts.forEach(([good, text]) => console.log(`${good ? 'good' : 'BAD '} ${text}`));
  writeFileSync(join(OUT, 'soak.json'), `${JSON.stringify({ ...values, seen, growth, samples }, null, 2)}\n`);
  const points = samples.map(([second, mib]) => [second / 60, mib]);
  writeFileSync(join(OUT, 'soak.svg'), lines('MiB resident during the soak', 'minutes', [{ label: values.subject, points }]));
  process.exitCode = verdicts.every(([good]) => good) ? 0 : 1;
}

function gigabytes(bytes) {
  return (bytes / 1e9).toFixed(2);
}
