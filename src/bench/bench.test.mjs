import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { compile, OUT } from './build.mjs';
import { load } from './measure.mjs';
import { split } from './options.mjs';
import { busyShare, cpuSeconds, memoryKib, residentKib, socketKib } from './proc.mjs';
import { markdown, number } from './report.mjs';
import { floors, median, percentile, ratio, slope } from './statistics.mjs';
import { startApp, SUBJECTS, withSettings } from './subjects.mjs';

before(() => compile({ withVertx: false }));

test('a median is the middle one, and the mean of two of them', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
  assert.equal(median([]), undefined);
});

test('a percentile is one that was seen', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share)), [1, 50, 99, 100]);
  assert.equal(percentile([7, 3], 0.99), 7);
  assert.equal(percentile([], 0.5), undefined);
});

test('what the kernel holds for sockets is what waits either way and what is reserved', () => {
  const text = `ESTAB 0 0 127.0.0.1:1 127.0.0.1:2 skmem:(r2048,rb131072,t9,tb2626560,f1024,w512,o0,bl0,d0)
ESTAB 0 0 127.0.0.1:1 127.0.0.1:3 timer:(on,1,0) skmem:(r0,rb131072,t0,tb2626560,f0,w512,o0,bl0,d0)`;
  assert.equal(socketKib(text), 4);
  assert.equal(socketKib(''), 0);
});

test('how busy the machine was is a share, from one look to the next', () => {
  const before = busyShare();
  const end = performance.now() + 200;
  while (performance.now() < end); // one CPU at least
  const { share } = busyShare(before);
  assert.equal(before.share, undefined);
  assert.ok(share > 0 && share <= 1, String(share));
});

test('a subject with other settings keeps those that are not named', () => {
  const base = SUBJECTS.find(({ name }) => name === 'culvert-2').env({ port: 1, app: 2 });
  const other = withSettings('culvert-2', { CULVERT_ADMIN_PORT: 7 }).env({ port: 1, app: 2 });
  assert.deepEqual(other, { ...base, CULVERT_ADMIN_PORT: 7 });
});

test('a ratio is taken within each round, so that a slow round drops out', () => {
  assert.equal(ratio([2, 40, 2], [1, 20, 1]), 2);
  assert.equal(ratio([2, 3], [0, 1]), 3, 'a round without a figure counts for nothing');
});

test('what a saw-tooth grows by is what its lowest points do', () => {
  const teeth = Array.from({ length: 600 }, (_, i) => [i, 34 + i / 600 + (i * 7 % 13)]);
  const kept = floors(teeth, 60);
  assert.equal(kept.length, 10);
  assert.ok(Math.abs(slope(kept) * 600 - 1) < 0.1);
});

test('a slope is that of the whole, not of one peak', () => {
  assert.equal(slope([[0, 10], [1, 11], [2, 99], [3, 13], [4, 14]]), 1);
});

test('numbers are told with three figures that count', () => {
  assert.deepEqual([0.0123, 1.234, 12.34, 123.4, 12345.6].map(number), ['0.01', '1.23', '12.3', '123', '12,346']);
});

test('options end where the command begins', () => {
  const options = { quick: { type: 'boolean' }, only: { type: 'string' } };
  const { values, command } = split(['--only', 'one', '--quick', 'java', '-jar', '--only'], options);
  assert.deepEqual({ ...values }, { only: 'one', quick: true });
  assert.deepEqual(command, ['java', '-jar', '--only']);
});

test('a report names what failed beside what went through', () => {
  const machine = { time: '', cpus: 1, model: '', memoryGib: 1, kernel: '', load: 0 };
  const column = { field: 'proxy_cpu_us', title: 'CPU', less: true };
  const text = markdown({
    began: machine,
    ended: machine,
    rounds: 2,
    subjects: [{ name: 'culvert-1', title: 'Culvert' }, { name: 'nginx', title: 'nginx' }],
    figures: [{
      name: 'one',
      title: 'One',
      columns: [column],
      samples: {
        'culvert-1': [{ proxy_cpu_us: 2 }, { proxy_cpu_us: 8 }],
        nginx: [{ proxy_cpu_us: 4, failed: 3 }, { proxy_cpu_us: 16 }],
      },
    }],
  }, []);
  assert.match(text, /\| One: CPU \| 0\.50× \|/);
  assert.match(text, /\| nginx \| 10\.0 \(4\.00–16\.0\) \|/);
  assert.match(text, /nginx: 3 handshakes, tunnels or requests failed/);
});

test('the load counts every message that it sent, and what the app used for them', async () => {
  const app = await startApp();
  const direct = { port: app.port, pids: [] };
  try {
    for (const size of [1, 125, 126, 65_535, 65_536]) {
      const seen = await load('echo', direct, app, { size, tunnels: 3, seconds: 0.2, 'warm-up': 0.05 });
      assert.equal(seen.opened, 3);
      assert.equal(seen.failed + seen.lost, 0);
      assert.ok(seen.messages > 0 && seen.app_cpu_us > 0 && seen.p50_us > 0, JSON.stringify(seen));
    }
    const soak = await load('soak', direct, app, { tunnels: 50, seconds: 1, churn: 1, rate: 500 });
    assert.ok(soak.closed > 0 && soak.half_closed > 0 && soak.reset > 0, JSON.stringify(soak));
    assert.equal(soak.mismatched + soak.truncated + soak.stuck + soak.failed + soak.lost, 0);
    for (const mode of ['full', 'unread']) {
      const full = await load(mode, direct, app, { tunnels: 20, seconds: 0.3, size: 1 << 20 });
      assert.ok(full.received_mb >= 20, JSON.stringify(full));
      assert.equal(full.mismatched + full.behind + full.failed + full.lost, 0);
    }
    assert.ok(cpuSeconds(app.pids) > 0 && residentKib(app.pids) > 0);
    const { own, files } = memoryKib(app.pids);
    assert.ok(own > 0 && files > 0 && own + files <= residentKib(app.pids));
  } finally {
    await app.end();
  }
});

test('the app answers any key: deep readiness asks with its own', async () => {
  const app = await startApp();
  try {
    for (let i = 0; i < 20; i++) {
      const key = randomBytes(16).toString('base64');
      const expected = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': key };
      const accept = await new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port: app.port, headers })
          .on('upgrade', (response, socket) => resolve(response.headers['sec-websocket-accept'], socket.destroy()))
          .on('error', reject)
          .end();
      });
      assert.equal(accept, expected);
    }
  } finally {
    await app.end();
  }
});

test('a start is timed to the first answer', async () => {
  const app = await startApp();
  await app.end(); // its port is free now
  const text = execFileSync(join(OUT, 'start-time'), [String(app.port), join(OUT, 'tunnel-app'), String(app.port)]);
  const { ready_ms: ready, resident_kib: resident } = JSON.parse(text);
  assert.ok(ready > 0 && resident > 0, String(text));
});
