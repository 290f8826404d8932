import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat behind the program's name, which may hold blanks: proc(5) counts from 1, the state is 3. */
const UTIME = 14 - 3;
const STIME = 15 - 3;

/** A process and all that descend from it: nginx has a master and a worker. */
export function family(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

/** The CPU time, user and system, that these processes have used, in seconds; the kernel tells it in steps of 10 ms. */
export function cpuSeconds(pids) {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
    return sum + (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
  }, 0);
}

/** Their resident memory in KiB; pages that they share count once for each. */
export function residentKib(pids) {
  return pids.reduce((sum, pid) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]), 0);
}

/** How many files they have open. */
export function openFiles(pids) {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}
