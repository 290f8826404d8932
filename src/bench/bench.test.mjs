import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { compile, OUT } from './build.mjs';
import { load } from './measure.mjs';
import { split } from './options.mjs';
import { cpuSeconds, residentKib } from './proc.mjs';
import { markdown, number } from './report.mjs';
import { median, ratio, slope } from './statistics.mjs';
import { startApp } from './subjects.mjs';

before(() => compile({ withVertx: false }));

test('a median is the middle one, and the mean of two of them', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
  assert.equal(median([]), undefined);
});

test('a ratio is taken within each round, so that a slow round drops out', () => {
  assert.equal(ratio([2, 40, 2], [1, 20, 1]), 2);
  assert.equal(ratio([2, 3], [0, 1]), 3, 'a round without a figure counts for nothing');
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
    assert.ok(cpuSeconds(app.pids) > 0 && residentKib(app.pids) > 0);
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
