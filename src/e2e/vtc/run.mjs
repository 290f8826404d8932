// Every .vtc beside this file, against Culvert and its peers; see README.md.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accepts, freePort } from '../port.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../../..');
const LOOPBACK = '127.0.0.1';
const CASE_SECONDS = 6; // varnishtest lets a client or server wait for half of it
const START_MS = 30_000;

const { options, command } = readArguments(process.argv.slice(2));
const scratch = mkdtempSync(join(tmpdir(), 'culvert-vtc-'));
chmodSync(scratch, 0o755); // nginx's workers are another user
const running = new Set();
process.on('exit', () => {
  running.forEach(child => child.kill('SIGKILL'));
  rmSync(scratch, { recursive: true, force: true });
});
['SIGINT', 'SIGTERM'].forEach(signal => process.on(signal, () => process.exit(130)));

const cases = readCases();
requirePrograms(['varnishtest']);
const columns = [];
columns.push({ title: 'Culvert', results: await culvertColumn() });
if (!options.alone) {
  requirePrograms(['nginx', 'haproxy']);
  const peers = await Promise.all([nginx, haproxy, vertx].map(peerColumn)); // side by side: most of the time goes in waiting
  columns.push(...peers.filter(Boolean));
  publish(table());
}
const failed = cases.filter(test => columns[0].results.get(test.name) !== 'pass').length;
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

// ---- what is run

function readArguments(args) {
  const options = { readme: false, alone: false, only: null };
  while (args[0]?.startsWith('--')) {
    const option = args.shift();
    if (option === '--readme') options.readme = true;
    else if (option === '--culvert') options.alone = true;
    else if (option === '--only') options.only = new RegExp(args.shift());
    else {
      console.error('usage: run [--readme] [--culvert] [--only REGEX] [COMMAND...]');
      process.exit(2);
    }
  }
  return { options, command: args.length ? args : ['java', '-jar', join(ROOT, 'target/quarkus-app/quarkus-run.jar')] };
}

function readCases() {
  return readdirSync(HERE).filter(file => file.endsWith('.vtc')).sort().map(file => {
    const text = readFileSync(join(HERE, file), 'utf8');
    const rule = /^# rule: (.+?) \| (.+)\n/.exec(text);
    if (!rule) throw new Error(`${file}: the first line must be "# rule: CLAUSE | WHAT HOLDS"`);
    const settings = [...text.matchAll(/^# settings: (.+)$/gm)].map(line => line[1].trim()).join(' ');
    return { name: file.slice(0, -'.vtc'.length), file: join(HERE, file), clause: rule[1], rule: rule[2], settings };
  }).filter(test => !options.only || options.only.test(test.name));
}

function requirePrograms(programs) {
  const missing = programs.filter(program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length) {
    console.error(`not installed: ${missing.join(', ')} (Debian: apt-get install varnish nginx haproxy)`);
    process.exit(2);
  }
}

/** Culvert starts once with its defaults, and once more for each set of settings that a case asks for. */
async function culvertColumn() {
  const results = new Map();
  for (const settings of new Set(cases.map(test => test.settings).sort())) {
    await behind('Culvert', culvert(settings), async ports => {
      for (const test of cases.filter(test => test.settings === settings)) {
        const { outcome, log } = await play(test, ports);
        results.set(test.name, outcome);
        console.log(`${outcome === 'pass' ? 'pass' : 'FAIL'} ${test.name}${outcome === 'pass' ? '' : `: ${outcome}\n${excerpt(log)}`}`);
      }
    });
  }
  return results;
}

async function peerColumn(peer) {
  const start = peer();
  if (!start) return null;
  const results = new Map();
  await behind(start.title, start, async ports => {
    for (const test of cases) results.set(test.name, (await play(test, ports)).outcome);
  });
  console.log(`${start.title}: ${[...results.values()].filter(outcome => outcome === 'pass').length} of ${cases.length} pass`);
  return { title: start.title, results };
}

// ---- the proxies

/** The caller's own CULVERT_* win over a case's settings: with one of them the cases can be shown to fail. */
function culvert(settings) {
  return {
    settings: Object.fromEntries(settings.split(' ').filter(Boolean).map(setting => setting.split(/=(.*)/s, 2))),
    command: () => command,
    place: ({ proxy, app }) => ({
      CULVERT_LISTEN_HOST: LOOPBACK,
      CULVERT_LISTEN_PORT: proxy,
      CULVERT_ADMIN_HOST: LOOPBACK,
      CULVERT_ADMIN_PORT: 0,
      CULVERT_UPSTREAM_PORT: app,
      CULVERT_DRAIN_PERIOD: 0,
    }),
  };
}

function nginx() {
  const file = join(scratch, 'nginx.conf');
  return {
    title: `nginx ${version('nginx', /nginx\/([\d.]+)/)}`,
    command: ({ proxy, app }) => {
      writeFileSync(file, `
        daemon off;
        worker_processes 1;
        pid ${scratch}/nginx.pid;
        error_log stderr crit;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path ${scratch}/body;
          proxy_temp_path ${scratch}/proxy;
          fastcgi_temp_path ${scratch}/fastcgi;
          uwsgi_temp_path ${scratch}/uwsgi;
          scgi_temp_path ${scratch}/scgi;
          map $http_upgrade $connection_upgrade { default upgrade; '' close; }
          server {
            listen ${LOOPBACK}:${proxy};
            client_max_body_size 0;
            location / {
              proxy_pass http://${LOOPBACK}:${app};
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_set_header Upgrade $http_upgrade;
              proxy_set_header Connection $connection_upgrade;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_buffering off;
              proxy_read_timeout 1h;
              proxy_send_timeout 1h;
            }
          }
        }`);
      return ['nginx', '-e', 'stderr', '-p', scratch, '-c', file];
    },
  };
}

function haproxy() {
  const file = join(scratch, 'haproxy.cfg');
  return {
    title: `HAProxy ${version('haproxy', /version ([\d.]+)/)}`,
    command: ({ proxy, app }) => {
      writeFileSync(file, `
global
  maxconn 1000
defaults
  mode http
  option forwardfor
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout http-request 10s
  timeout tunnel 1h
frontend front
  bind ${LOOPBACK}:${proxy}
  default_backend app
backend app
  server app ${LOOPBACK}:${app}
`);
      return ['haproxy', '-db', '-q', '-f', file];
    },
  };
}

/** Its jars are those of Culvert's build; beside a native binary VERTX_CLASSPATH names them. */
function vertx() {
  const folder = join(ROOT, 'target/quarkus-app/lib/main');
  const classpath = process.env.VERTX_CLASSPATH ?? (existsSync(folder) ? `${folder}/*` : null);
  if (!classpath) {
    console.log('vertx-http-proxy: left out, no jars; build target/quarkus-app or set VERTX_CLASSPATH');
    return null;
  }
  const jar = readdirSync(dirname(classpath)).find(name => name.includes('vertx-http-proxy'));
  return {
    title: `vertx-http-proxy ${/(\d[\d.]*\d)\.jar/.exec(jar ?? '')?.[1] ?? ''}`.trim(),
    command: ({ proxy, app }) => ['java', '-cp', classpath, join(HERE, 'VertxProxy.java'), proxy, app],
  };
}

function version(program, pattern) {
  const { stdout, stderr } = spawnSync(program, ['-v'], { encoding: 'utf8' });
  return pattern.exec(stdout + stderr)?.[1] ?? '';
}

/** Starts a proxy, waits until it takes connections, and stops it when the work is done. */
async function behind(title, proxy, work) {
  const ports = { proxy: String(await freePort()), app: String(await freePort()) };
  const [program, ...args] = proxy.command(ports);
  const child = spawn(program, args, {
    env: { ...proxy.settings, ...process.env, ...proxy.place?.(ports) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', bytes => { output += bytes; });
  child.stderr.on('data', bytes => { output += bytes; });
  const exit = new Promise(resolve => {
    child.on('exit', resolve);
    child.on('error', fault => { output += fault; resolve(); });
  });
  running.add(child);
  let over = false;
  exit.then(() => { over = true; running.delete(child); });
  const deadline = Date.now() + START_MS;
  while (!await accepts(ports.proxy)) {
    if (over || Date.now() > deadline) {
      console.error(`${title} does not start:\n${output}`);
      process.exit(2);
    }
    await pause(50);
  }
  await work(ports);
  if (over) console.log(`${title} ended by itself:\n${output.split('\n').slice(-20).join('\n')}`);
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(killer);
}

// ---- one case, and what became of it

async function play(test, ports) {
  const home = join(scratch, 'cases');
  mkdirSync(home, { recursive: true });
  const child = spawn('varnishtest', [
    '-v', '-t', String(CASE_SECONDS),
    `-Dproxy_addr=${LOOPBACK}`, `-Dproxy_port=${ports.proxy}`, `-Dapp_port=${ports.app}`, test.file,
  ], { env: { ...process.env, TMPDIR: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let log = '';
  child.stdout.on('data', bytes => { log += bytes.toString('latin1'); });
  child.stderr.on('data', bytes => { log += bytes.toString('latin1'); });
  const status = await new Promise(resolve => child.on('close', resolve));
  running.delete(child);
  const outcome = status === 0 ? 'pass' : happened(log);
  return { outcome: outcome.replaceAll(`${LOOPBACK}:${ports.app}`, "the app's address"), log };
}

/** The first thing that went wrong, in a few words, from the log alone. */
function happened(log) {
  const line = log.split('\n').find(text => text.startsWith('---- ') || /\|wire: /.test(text));
  if (!line) return /TIMED OUT/.test(log) ? 'hangs' : 'fails';
  const wire = /\|wire: (.*?)\s*$/.exec(line);
  if (wire) return cell(wire[1], 80);
  const [, who, message] = /^---- (\S+)\s+(.*)$/s.exec(line);
  const app = who.startsWith('s');
  const expectation = /^EXPECT (\S+) \((.*?)\) (\S+) "(.*)" failed$/.exec(message);
  if (expectation) return unexpected(...expectation.slice(1));
  if (/^HTTP rx timeout/.test(message)) return app ? 'the app waits in vain' : 'the client waits in vain';
  if (/^HTTP rx EOF|^HTTP header is incomplete/.test(message)) return app ? 'closed towards the app' : 'closed';
  if (/[Rr]eset by peer|revents: [0-9a-f]*[8-9]/.test(message)) return app ? 'reset towards the app' : 'reset';
  if (/^Expected close: (timeout|poll = 0)/.test(message)) return app ? "the app's connection stays open" : 'stays open';
  if (/^Expecting close: read/.test(message)) return app ? 'more bytes reach the app' : 'more bytes follow';
  if (/^Write (failed|error)/.test(message)) return app ? 'closed while the app sends' : 'closed while the client sends';
  if (/http_splitheader/.test(message)) return app ? 'the app gets no HTTP' : 'what comes is no HTTP';
  return cell(message, 60);
}

function unexpected(what, got, _operator, wanted) {
  const [, side, part, field] = /^(req|resp)\.([a-z]+)(?:\.(.+))?$/.exec(what) ?? [];
  if (part === 'status') return `got ${got}`;
  if (side === 'req' && part === 'method' && wanted === 'nothing') return 'reaches the app';
  if (part === 'bodylen') return `${got} bytes of body`;
  const code = text => `\`${cell(text, 50).replace(/`/g, "'")}\``;
  if (got === '<undef>') return `${code(field ?? part)} lost`;
  if (wanted === '<undef>') return `${code(field)} passed on`;
  if (field) return code(`${field}: ${got}`);
  return `${{ url: 'target', proto: 'version' }[part] ?? part} ${code(got)}`;
}

function cell(text, limit) {
  const line = text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').replace(/</g, '&lt;');
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

function excerpt(log) {
  return log.split('\n').filter(line => !/macro def|http\[| {4}top {2,}(RESET|VTEST)|dT|hdrlen/.test(line)).slice(-40)
    .map(line => `     ${line}`).join('\n');
}

// ---- the table

function table() {
  const rows = cases.map(test => [`${test.clause}: ${test.rule}`, ...columns.map(column => column.results.get(test.name))]);
  const sums = columns.map(column => `${[...column.results.values()].filter(outcome => outcome === 'pass').length} of ${cases.length}`);
  return [
    ['rule', ...columns.map(column => column.title)],
    ['---', ...columns.map(() => '---')],
    ...rows,
    ['**passed**', ...sums],
  ].map(row => `| ${row.join(' | ')} |`).join('\n') + '\n';
}

function publish(markdown) {
  if (process.env.VTC_TABLE) writeFileSync(process.env.VTC_TABLE, markdown);
  if (!options.readme) return;
  if (options.only || columns.length < 4) {
    console.error('README.md is left as it is: it takes the whole table only');
    process.exit(2);
  }
  const readme = join(ROOT, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const [begin, end] = ['<!-- vtc:begin -->\n', '<!-- vtc:end -->'];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    console.error('README.md has no <!-- vtc:begin --> and <!-- vtc:end -->');
    process.exit(2);
  }
  writeFileSync(readme, text.slice(0, from + begin.length) + markdown + text.slice(to));
}
