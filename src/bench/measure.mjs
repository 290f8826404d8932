import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOOPBACK } from '../e2e/port.mjs';
import { OUT } from './build.mjs';
import { cpuSeconds, residentKib } from './proc.mjs';
import { launch } from './subjects.mjs';

const run = promisify(execFile);
/** What wrk calls a second, in microseconds. */
const UNITS = { us: 1, ms: 1e3, s: 1e6, m: 60e6 };

/** What tunnel-load says of `subject`, which stands in front of `app`; its options without their dashes. */
export async function load(mode, subject, app, options = {}) {
  const pids = subject.pids.length ? ['--proxy', subject.pids.join()] : [];
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const args = [mode, String(subject.port), '--app', app.pids.join(), ...pids, ...words];
  const { stdout, stderr } = await run(join(OUT, 'tunnel-load'), args).catch((fault) => fault); // 1: some tunnels failed
  if (!stdout) {
    throw new Error(`tunnel-load ${args.join(' ')}: ${stderr}`);
  }
  const told = stderr.replace(/^(open|full): .*\n/gm, '');
  if (told) {
    console.error(`tunnel-load ${mode}: ${told.trim()}`);
  }
  return JSON.parse(stdout);
}

/** Plain requests: what wrk says, and what they cost. */
export async function plain(subject, app, { connections, seconds }) {
  await wrk(subject.port, connections, 1);
  const before = { proxy: cpuSeconds(subject.pids), app: cpuSeconds(app.pids) };
  const text = await wrk(subject.port, connections, seconds);
  const requests = Number(/(\d+) requests in /.exec(text)[1]);
  return {
    per_second: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]),
    proxy_cpu_us: ((cpuSeconds(subject.pids) - before.proxy) * 1e6) / requests,
    app_cpu_us: ((cpuSeconds(app.pids) - before.app) * 1e6) / requests,
    p50_us: latency(text, 50),
    p99_us: latency(text, 99),
    failed: /Socket errors|Non-2xx/.test(text) ? Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 1) : 0,
    resident_kib: residentKib(subject.pids),
  };
}

async function wrk(port, connections, seconds) {
  const args = ['-t1', `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--latency', `http://${LOOPBACK}:${port}/`];
  return (await run('wrk', args)).stdout;
}

function latency(text, percentile) {
  const [, value, unit] = new RegExp(`^\\s+${percentile}%\\s+([\\d.]+)(\\w+)$`, 'm').exec(text);
  return Number(value) * UNITS[unit];
}

/** From the start of a subject to the first answer through it, and its memory a second later. */
export async function rest(subject, app) {
  const { port, words, env, clean } = await launch(subject, app);
  try {
    return JSON.parse((await run(join(OUT, 'start-time'), [String(port), ...words], { env })).stdout);
  } finally {
    clean();
  }
}
