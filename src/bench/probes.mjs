// Whether the kubelet's probes are answered while tunnels keep every CPU busy; see README.md.
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, LOOPBACK } from '../e2e/port.mjs';
import { compile, takeCulvert } from './build.mjs';
import { load } from './measure.mjs';
import { split } from './options.mjs';
import { busyShare } from './proc.mjs';
import { percentile } from './statistics.mjs';
import { start, startApp, withSettings } from './subjects.mjs';

const OPTIONS = {
  seconds: { type: 'string', default: '30' },
  rate: { type: 'string', default: '20' },
};
/** What a probe of Kubernetes has by default: timeoutSeconds is 1. */
const TIMEOUT_MS = 1_000;
const PROBES = ['ready', 'live', 'started'];
/** The tunnels: many that talk all the time, and some that are poured into. */
const LOAD = [['echo', { tunnels: 64 }], ['down', { tunnels: 4 }]];
const WARM_UP_S = 1;

const { values, command } = split(process.argv.slice(2), OPTIONS);
takeCulvert(command);
compile({ withVertx: false });
const app = await startApp();
let good = true;
for (const [name, settings] of [['port', {}], ['upgrade', { CULVERT_HEALTH_UPGRADE_PATH: '/echo' }]]) {
  good = (await underLoad(name, settings)) && good;
}
await app.end();
process.exitCode = good ? 0 : 1;

/** Probes one Culvert, and says what came of it; whether each probe was answered in time. */
async function underLoad(readiness, settings) {
  const admin = await freePort();
  const proxy = await start(withSettings('culvert-2', { CULVERT_ADMIN_PORT: admin, ...settings }), app);
  const seconds = Number(values.seconds) + WARM_UP_S;
  const loads = LOAD.map(([mode, options]) => load(mode, proxy, app, { ...options, seconds, 'warm-up': 0 }));
  await pause(WARM_UP_S * 1_000);
  const before = busyShare();
  const seen = await probing(admin);
  const { share } = busyShare(before);
  const [echo, down] = await Promise.all(loads);
  await proxy.end();
  console.log(`readiness asks the app's ${readiness}; ${(share * 100).toFixed(0)} % of all CPUs busy, `
    + `${echo.per_second.toFixed(0)} messages/s, ${down.per_second.toFixed(0)} MB/s`);
  return [...PROBES, 'all'].map((probe) => tell(probe, seen)).every(Boolean) && echo.lost + down.lost === 0;
}

function tell(name, seen) {
  const probes = seen.filter(({ probe }) => name === 'all' || probe === name);
  const times = probes.map(({ ms }) => ms);
  const failed = probes.filter(({ fault, ms }) => fault || ms > TIMEOUT_MS);
  const [p50, p99, most] = [percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)].map((ms) => ms.toFixed(1));
  console.log(`  ${name.padEnd(8)} ${probes.length} probes, ${failed.length} failed; ms: p50 ${p50}, p99 ${p99}, max ${most}`);
  failed.slice(0, 3).forEach(({ fault, ms }) => console.log(`    ${fault ?? 'late'} after ${ms.toFixed(1)} ms`));
  return probes.length > 0 && failed.length === 0;
}

/** At an even rate, whether or not those before were answered. */
async function probing(admin) {
  const count = Math.round(Number(values.seconds) * Number(values.rate));
  const asked = [];
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    await pause(Math.max(began + (i * 1_000) / Number(values.rate) - performance.now(), 0));
    asked.push(ask(admin, PROBES[i % PROBES.length]));
  }
  return Promise.all(asked);
}

/** One probe as the kubelet makes it: on a connection of its own, which is closed behind it. */
function ask(admin, probe) {
  const began = performance.now();
  return new Promise((resolve) => {
    const told = (fault) => resolve({ probe, ms: performance.now() - began, fault });
    const options = { host: LOOPBACK, port: admin, path: `/q/health/${probe}`, agent: false, headers: { Connection: 'close' } };
    const request = get({ ...options, timeout: 5 * TIMEOUT_MS }, (response) => {
      response.resume();
      response.on('end', () => told(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', (error) => told(error.message));
  });
}
