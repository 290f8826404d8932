import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Program } from '../e2e/program.mjs';
import { OUT } from './build.mjs';

/** Held before anything is counted: what the first tunnels bring with them is not theirs. */
const FIRST = 100;
const COUNTED = 1_000;
const LONG = 600;

/**
 * What an open, idle tunnel keeps on the heap of a Culvert that runs on a JVM: objects and bytes, in all and for each class,
 * the largest first. Objects are counted after a collection, so that the machine's speed is of no account.
 */
export async function heapPerTunnel(proxy, app) {
  const first = await held(proxy, app, FIRST);
  const before = histogram(proxy);
  const second = await held(proxy, app, COUNTED);
  const during = histogram(proxy);
  await Promise.all([first.end(), second.end()]);
  const classes = [...during]
    .map(([name, { objects, bytes }]) => ({
      name,
      objects: (objects - (before.get(name)?.objects ?? 0)) / COUNTED,
      bytes: (bytes - (before.get(name)?.bytes ?? 0)) / COUNTED,
    }))
    .sort((a, b) => b.bytes - a.bytes);
  const sum = (field) => classes.reduce((total, one) => total + one[field], 0);
  return { objects: sum('objects'), bytes: sum('bytes'), classes };
}

/** So many tunnels, held until the load is ended. */
async function held(proxy, app, tunnels) {
  const options = ['--tunnels', String(tunnels), '--warm-up', String(LONG), '--app', app.pids.join()];
  const load = new Program(join(OUT, 'tunnel-load'), ['hold', String(proxy.port), ...options]);
  await load.ready(() => load.output.includes(`open: ${tunnels}\n`));
  return load;
}

function histogram({ pids }) {
  const text = execFileSync('jcmd', [String(pids[0]), 'GC.class_histogram'], { encoding: 'utf8' });
  const rows = [...text.matchAll(/^\s*\d+:\s+(\d+)\s+(\d+)\s+(\S+)/gm)];
  return new Map(rows.map(([, objects, bytes, name]) => [name, { objects: Number(objects), bytes: Number(bytes) }]));
}
