import { hold } from './figures.mjs';
import { start } from './subjects.mjs';

/**
 * Memory and CPU with more and more tunnels open, each number in a process of its own; and twice the largest number in two
 * processes, since one may not open as many files. For each subject a list of samples for each number.
 */
export async function measureGrowth(subjects, app, scale, rounds) {
  const most = Math.max(...scale.growth);
  const growth = Object.fromEntries(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const tunnels of [...scale.growth, 2 * most]) {
      for (const subject of subjects) {
        const samples = await holdInProcesses(subject, app, tunnels / most > 1 ? 2 : 1, tunnels, scale);
        growth[subject.name].push({ tunnels, round, ...samples });
        console.log(`growth: ${subject.title}: ${tunnels} tunnels, ${samples.kib_per_tunnel.toFixed(2)} KiB each`);
      }
    }
  }
  return growth;
}

async function holdInProcesses(subject, app, processes, tunnels, scale) {
  const started = [];
  for (let i = 0; i < processes; i++) {
    started.push(await start(subject, app));
  }
  try {
    return together(await Promise.all(started.map((one) => hold(one, app, tunnels / processes, scale))));
  } finally {
    await Promise.all(started.map((one) => one.end()));
  }
}

/** One sample of several processes that ran beside each other: sums, and means of what counts for each message or tunnel. */
function together(samples) {
  const sum = (field) => samples.reduce((total, sample) => total + sample[field], 0);
  const mean = (field) => sum(field) / samples.length;
  return {
    opened: sum('opened'),
    failed: sum('failed'),
    lost: sum('lost'),
    silent: sum('silent'),
    resident_kib: sum('resident_kib'),
    kib_per_tunnel: mean('kib_per_tunnel'),
    kib_per_tunnel_after_messages: mean('kib_per_tunnel_after_messages'),
    opening_cpu_us: mean('opening_cpu_us'),
    proxy_cpu_us: mean('proxy_cpu_us'),
    p50_us: mean('p50_us'),
  };
}
