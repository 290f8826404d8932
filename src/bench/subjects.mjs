import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts, freePort, LOOPBACK } from '../e2e/port.mjs';
import { find, Program } from '../e2e/program.mjs';
import { culvertCommand, OUT, vertxClasspath } from './build.mjs';
import { family } from './proc.mjs';

/** Tunnels that each is set up for: a process has two files for each, and may open 20,000 in all. */
const MOST_TUNNELS = 9_950;
const MOST_FILES = 2 * MOST_TUNNELS + 90;
/** nginx closes connections that have not asked yet when fewer than a sixteenth of its places are free. */
const NGINX_CONNECTIONS = Math.ceil(MOST_FILES * 1.1);
/** As many idle connections to the app as the load for plain requests has to the proxy. */
const KEPT = 64;
/** A second Culvert to be held against the first: a change, against what was before. */
const OTHER = (process.env.BENCH_OTHER ?? '').split(' ').filter(Boolean);

/**
 * What is measured: the app itself, and the proxies, each with one thread for traffic, without logs, with room for 9,950
 * tunnels, and else as its own documentation says. `command` gives program and arguments; `home` is a folder of its own.
 */
export const SUBJECTS = [
  { name: 'direct', title: 'direct', about: 'no proxy: the limit' },
  culvert('culvert-1', 'Culvert', 1, culvertCommand),
  culvert('culvert-2', 'Culvert, 2 loops', 2, culvertCommand),
  ...(OTHER.length ? [culvert('other', 'another Culvert', 1, () => OTHER)] : []),
  {
    name: 'nginx',
    title: `nginx ${version('nginx', /nginx\/([\d.]+)/)}`,
    about: '1 worker, its upgrade map, upstream keepalive',
    program: 'nginx',
    command: ({ port, app, home }) => ['nginx', '-e', 'stderr', '-p', home, '-c', file(home, nginx(port, app, home))],
  },
  {
    name: 'haproxy',
    title: `HAProxy ${version('haproxy', /version ([\d.]+)/)}`,
    about: '1 thread, HTTP mode with keep-alive, timeout tunnel',
    program: 'haproxy',
    command: ({ port, app, home }) => ['haproxy', '-db', '-q', '-f', file(home, haproxy(port, app))],
  },
  {
    name: 'caddy',
    title: `Caddy ${version('caddy', /v?([\d.]+)/, 'version')}`,
    about: 'reverse_proxy, GOMAXPROCS=1',
    program: 'caddy',
    command: ({ port, app, home }) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file(home, caddy(port, app))],
    env: ({ home }) => ({ GOMAXPROCS: '1', HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home }),
  },
  {
    name: 'vertx',
    title: 'vertx-http-proxy',
    about: 'on the JVM, epoll, one event loop',
    program: 'java',
    command: ({ port, app }) => [
      'java',
      '-XX:ActiveProcessorCount=1', // as a container of one CPU would have it
      '-Xmx1g',
      '-cp',
      `${OUT}:${vertxClasspath()}`,
      'VertxProxy',
      port,
      app,
      2 * MOST_TUNNELS,
    ],
  },
];

function culvert(name, title, eventLoops, command) {
  return {
    name,
    title,
    about: `culvert.listen.event-loops=${eventLoops}, the access log off`,
    command,
    env: ({ port, app }) => ({
      CULVERT_LISTEN_HOST: LOOPBACK,
      CULVERT_LISTEN_PORT: port,
      CULVERT_LISTEN_EVENT_LOOPS: eventLoops,
      CULVERT_ADMIN_HOST: LOOPBACK,
      CULVERT_ADMIN_PORT: 0,
      CULVERT_UPSTREAM_PORT: app,
      CULVERT_LOG_ACCESS: 'off',
      CULVERT_DRAIN_PERIOD: 0, // who ends it, means it
    }),
  };
}

/**
 * The map of nginx' page on WebSockets, with the empty Connection of its page on upstream keepalive for plain requests; a
 * client's connection is not closed after its thousandth request.
 */
function nginx(port, app, home) {
  return `
daemon off;
pid ${home}/pid;
error_log stderr crit;
worker_processes 1;
worker_rlimit_nofile ${MOST_FILES};
events { worker_connections ${NGINX_CONNECTIONS}; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${home}/body;
  proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi;
  scgi_temp_path ${home}/scgi;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream app {
    server ${LOOPBACK}:${app};
    keepalive ${KEPT};
    keepalive_requests 1000000000;
  }
  server {
    listen ${LOOPBACK}:${port} backlog=4096;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
    }
  }
}
`;
}

function haproxy(port, app) {
  return `
global
  nbthread 1
  maxconn ${MOST_TUNNELS}
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
frontend clients
  bind ${LOOPBACK}:${port} backlog 4096
  maxconn ${MOST_TUNNELS}
  default_backend app
backend app
  server app ${LOOPBACK}:${app}
`;
}

function caddy(port, app) {
  return `
{
  admin off
  auto_https off
  log {
    level ERROR
  }
}
http://:${port} {
  bind ${LOOPBACK}
  reverse_proxy ${LOOPBACK}:${app} {
    transport http {
      keepalive_idle_conns_per_host ${KEPT}
    }
  }
}
`;
}

function file(home, text) {
  const path = join(home, 'conf');
  writeFileSync(path, text);
  return path;
}

function version(program, pattern, option = '-v') {
  const { stdout, stderr } = spawnSync(find(program) ?? program, [option], { encoding: 'utf8' });
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? '(not installed)';
}

/** A subject with some variables set otherwise. */
export function withSettings(name, variables) {
  const subject = SUBJECTS.find((one) => one.name === name);
  return { ...subject, env: (place) => ({ ...subject.env(place), ...variables }) };
}

/** Whether this machine has it. */
export function isThere(subject) {
  return !subject.program || Boolean(find(subject.program));
}

/** The app, alone on its port; its sockets' buffers are small, or as the kernel likes them. */
export async function startApp({ small = false } = {}) {
  const port = await freePort();
  const program = new Program(join(OUT, 'tunnel-app'), [String(port), ...(small ? ['small'] : [])]);
  await program.ready(() => accepts(port));
  return { port, pids: [program.pid], end: () => program.end() };
}

/** How a subject is started on a port of its own: the words of its command, its variables, and how to clean up behind it. */
export async function launch(subject, app) {
  const home = mkdtempSync(join(tmpdir(), `culvert-bench-${subject.name}-`));
  chmodSync(home, 0o755); // nginx' worker is another user
  const place = { port: await freePort(), app: app.port, home };
  const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('CULVERT_'));
  return {
    port: place.port,
    words: subject.command(place).map(String),
    // Every container has its name in a variable; a Java program asks the resolver for it where it is missing.
    env: strings({ HOSTNAME: hostname(), ...Object.fromEntries(foreign), ...subject.env?.(place) }),
    clean: () => rmSync(home, { recursive: true, force: true }),
  };
}

function strings(variables) {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
}

/** Starts a subject in front of the app, and waits until it has passed a request on. */
export async function start(subject, app) {
  if (!subject.command) {
    return { port: app.port, pids: [], end: async () => {} };
  }
  const { port, words, env, clean } = await launch(subject, app);
  const program = new Program(words[0], words.slice(1), { env });
  await program.ready(() => answers(port));
  const end = async () => {
    await program.end();
    clean();
  };
  return { port, pids: family(program.pid), program, end };
}

function answers(port) {
  return new Promise((resolve) => {
    get({ host: LOOPBACK, port, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}
