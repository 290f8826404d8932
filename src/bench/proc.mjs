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

/** Their memory in KiB apart: what is their own, and the pages of files, most of them the program itself. */
export function memoryKib(pids) {
  const sum = (field) => pids.reduce((total, pid) => total + Number(field.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]), 0);
  return { own: sum(/^RssAnon:\s+(\d+)/m), files: sum(/^RssFile:\s+(\d+)/m) };
}

/**
 * The kernel's memory in KiB for TCP sockets, from what `ss -tmnOH` says of them, a line each: bytes that wait to be read, to
 * be sent or acknowledged, and what is reserved beyond that. A cgroup is charged for all three (cgroup v2, "sock").
 */
export function socketKib(text) {
  const fields = [...text.matchAll(/skmem:\(r(\d+),rb\d+,t\d+,tb\d+,f(\d+),w(\d+)/g)];
  return fields.reduce((sum, [, unread, reserved, unsent]) => sum + Number(unread) + Number(reserved) + Number(unsent), 0) / 1024;
}

/** How much of all CPUs' time was spent since `before`, which this returned: a share from 0 to 1, and what to hand in next. */
export function busyShare(before) {
  const times = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1).map(Number);
  const now = { all: times.reduce((sum, time) => sum + time, 0), idle: times[3] + times[4] };
  return { ...now, share: before ? 1 - (now.idle - before.idle) / (now.all - before.all) : undefined };
}

/** How many files they have open. */
export function openFiles(pids) {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}
