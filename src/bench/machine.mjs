import { cpus, loadavg, release, totalmem } from 'node:os';

/** What a reader must know of the machine to believe a figure. */
export function machine() {
  return {
    time: new Date().toISOString(),
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load: loadavg()[0],
  };
}
