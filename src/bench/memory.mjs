// What a memory limit has to leave room for: the process itself, and the kernel's buffers of its sockets; see README.md.
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { compile, takeCulvert } from './build.mjs';
import { load, plain } from './measure.mjs';
import { split } from './options.mjs';
import { memoryKib, socketKib } from './proc.mjs';
import { start, startApp, SUBJECTS } from './subjects.mjs';

const run = promisify(execFile);
const SAMPLE_MS = 250;
/** Bytes that each of the tunnels has to give once it is read: all that was held, and more. */
const READ_BYTES = 1 << 20;

/** What is done, as long as the memory is watched; it yields how many tunnels were lost or bytes were wrong. */
const CASES = [
  ['at rest', () => pause(3_000)],
  ['1,000 tunnels, idle', (proxy) => hold(proxy, 1_000)],
  ['3,000 tunnels, idle', (proxy) => hold(proxy, 3_000)],
  ['64 tunnels, messages all the time', (proxy) => load('echo', proxy, app, { tunnels: 64, seconds: 4 })],
  ['4 tunnels, as many bytes as go', (proxy) => load('down', proxy, app, { tunnels: 4, seconds: 4 })],
  ['64 connections, plain requests', (proxy) => plain(proxy, app, { connections: 64, seconds: 4 })],
  ['500 plain answers that nobody reads', (proxy) => unread(proxy, 'unread', 500)],
  ['500 tunnels, both sides send, nobody reads', (proxy) => unread(proxy, 'full', 500)],
  ['2,000 tunnels, both sides send, nobody reads', (proxy) => unread(proxy, 'full', 2_000)],
];

const OPTIONS = { only: { type: 'string', default: '' }, subject: { type: 'string', default: 'culvert-2' } };
const { values, command } = split(process.argv.slice(2), OPTIONS);
takeCulvert(command);
compile({ withVertx: values.subject === 'vertx' });
const app = await startApp({ small: true });
console.log('| MiB at the most | own memory | pages of files | sum | the kernel, for its sockets |\n| --- | --- | --- | --- | --- |');
let good = true;
for (const [name, act] of CASES.filter(([name]) => name.includes(values.only))) {
  good = (await watched(name, act)) && good;
}
await app.end();
process.exitCode = good ? 0 : 1;

function hold(proxy, tunnels) {
  return load('hold', proxy, app, { tunnels, 'warm-up': 2, seconds: 1 });
}

function unread(proxy, mode, tunnels) {
  return load(mode, proxy, app, { tunnels, seconds: 8, size: READ_BYTES });
}

/** One case in a process of its own, Culvert's with two event loops; whether nothing was lost. */
async function watched(name, act) {
  const proxy = await start(SUBJECTS.find(({ name }) => name === values.subject), app);
  const most = { own: 0, files: 0, sockets: 0 };
  let over = false;
  const acting = act(proxy).finally(() => (over = true));
  while (!over) {
    const now = { ...memoryKib(proxy.pids), sockets: await sockets(proxy) };
    Object.keys(most).forEach((part) => (most[part] = Math.max(most[part], now[part])));
    await Promise.race([pause(SAMPLE_MS), acting]);
  }
  const seen = (await acting) ?? {};
  await proxy.end();
  const mib = [most.own, most.files, most.own + most.files, most.sockets].map((kib) => (kib / 1024).toFixed(0));
  const faults = ['failed', 'lost', 'mismatched', 'behind'].filter((fault) => seen[fault] > 0);
  console.log(`| ${name} | ${mib.join(' | ')} |`);
  faults.forEach((fault) => console.log(`BAD  ${name}: ${seen[fault]} ${fault}`));
  return faults.length === 0;
}

/** The proxy's side of its connections: to clients from its port, to the app from any. */
async function sockets(proxy) {
  const filter = `( sport = :${proxy.port} or dport = :${app.port} )`;
  return socketKib((await run('ss', ['-tmnOH', filter], { maxBuffer: 64 << 20 })).stdout);
}
