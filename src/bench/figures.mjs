import { load, plain, rest } from './measure.mjs';

/** How long a figure is measured, in seconds, what comes before as a warm-up, and how many tunnels "many" are. */
export const THOROUGH = { seconds: 2, warmUp: 0.5, idle: 9_000, growth: [100, 1_000, 3_000, 9_900] };
export const QUICK = { seconds: 0.7, warmUp: 0.3, idle: 2_000, growth: [100, 1_000, 3_000] };

/** Behind a burst: a collector that works when nothing else is to do gets its time. */
const SETTLED_SECONDS = 4;

const CPU = (unit) => ({ field: 'proxy_cpu_us', title: `CPU µs per ${unit}`, less: true });
const P50 = { field: 'p50_us', title: 'p50 µs', less: true };
const P99 = { field: 'p99_us', title: 'p99 µs', less: true };
const RATE = (unit) => ({ field: 'per_second', title: `${unit}/s`, less: false });

/**
 * What is measured. `columns` are quoted, the first one first: `less` tells whether less is better. `measure` takes a
 * subject that runs; with `fresh`, one that was started for this, since its memory is what is asked for; with `alone` it
 * starts the subject by itself. `proxies` leaves the direct connection out.
 */
export const FIGURES = [
  {
    name: 'one',
    title: '1 tunnel, messages of 64 bytes, echoed',
    columns: [CPU('message'), P50, P99, RATE('messages')],
    measure: echo({ tunnels: 1, size: 64 }),
  },
  {
    name: 'many',
    title: '64 tunnels, messages of 64 bytes, echoed, one under way on each',
    columns: [CPU('message'), P50, P99, RATE('messages')],
    measure: echo({ tunnels: 64, size: 64 }),
  },
  {
    name: 'large',
    title: '64 tunnels, messages of 4 KiB, echoed, one under way on each',
    columns: [CPU('message'), P50, P99, RATE('messages')],
    measure: echo({ tunnels: 64, size: 4096 }),
  },
  {
    name: 'handshakes',
    title: 'Tunnels opened and closed, 64 at a time',
    columns: [CPU('handshake'), P50, P99, RATE('handshakes')],
    measure: (subject, app, scale) => load('rate', subject, app, { tunnels: 64, ...times(scale) }),
  },
  {
    name: 'down',
    title: 'Bytes from the app to the client, 4 tunnels',
    columns: [CPU('MB'), RATE('MB')],
    measure: (subject, app, scale) => load('down', subject, app, { tunnels: 4, ...times(scale) }),
  },
  {
    name: 'up',
    title: 'Bytes from the client to the app, 4 tunnels',
    columns: [CPU('MB'), RATE('MB')],
    measure: (subject, app, scale) => load('up', subject, app, { tunnels: 4, ...times(scale) }),
  },
  {
    name: 'plain',
    title: 'Plain requests on 64 kept connections, answers of 2 bytes',
    columns: [CPU('request'), P50, P99, RATE('requests')],
    measure: (subject, app, scale) => plain(subject, app, { connections: 64, ...scale }),
  },
  {
    name: 'idle',
    title: 'Idle tunnels',
    columns: [
      { field: 'kib_per_tunnel', title: 'KiB resident per tunnel', less: true },
      { field: 'kib_per_tunnel_after_messages', title: 'KiB after messages on each', less: true },
      { field: 'opening_cpu_us', title: 'CPU µs to open one', less: true },
    ],
    fresh: true,
    proxies: true,
    measure: (subject, app, scale) => hold(subject, app, scale.idle, scale),
  },
  {
    name: 'rest',
    title: 'At rest',
    columns: [
      { field: 'resident_kib', title: 'MB resident', less: true, scale: 1024 / 1e6 },
      { field: 'ready_ms', title: 'ms to the first answer', less: true },
      { field: 'cpu_ms', title: 'CPU ms until a second later', less: true },
    ],
    alone: true,
    proxies: true,
    measure: rest,
  },
];

function times({ seconds, warmUp }) {
  return { seconds, 'warm-up': warmUp };
}

function echo(options) {
  return (subject, app, scale) => load('echo', subject, app, { ...options, ...times(scale) });
}

/** So many tunnels, idle first, for as long as it takes to tidy up behind opening them, then with messages on one after the other. */
export function hold(subject, app, tunnels, scale) {
  return load('hold', subject, app, { tunnels, seconds: scale.seconds, 'warm-up': SETTLED_SECONDS });
}
