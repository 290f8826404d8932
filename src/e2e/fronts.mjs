import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts, freePort, LOOPBACK } from './port.mjs';
import { Program } from './program.mjs';

/**
 * What stands between the clients and the port behind it, and the transport that socket.io ends on there without and
 * with Culvert. `title` is its name in the table; `program` has to be installed; `start` resolves to `{ port, end }`.
 */
export const FRONTS = [
  {
    name: 'bare-nginx',
    title: 'nginx, bare `proxy_pass`',
    program: 'nginx',
    start: (behind) => nginx(bareProxyPass(behind)),
    expected: { without: 'polling', with: 'websocket' },
  },
  {
    name: 'mapped-nginx',
    title: 'nginx with its upgrade map',
    program: 'nginx',
    start: (behind) => nginx(mappedProxyPass(behind)),
    expected: { without: 'websocket', with: 'websocket' },
  },
  {
    name: 'haproxy',
    title: 'HAProxy',
    program: 'haproxy',
    start: haproxy,
    expected: { without: 'websocket', with: 'websocket' },
  },
  {
    name: 'none',
    title: 'none',
    start: async (behind) => ({ port: behind, end: async () => {} }),
    expected: { without: 'websocket', with: 'websocket' },
  },
];

/** What `talk` resolves to, given the port of that front before the port behind. */
export async function through(front, behind, talk) {
  const { port, end } = await front.start(behind);
  try {
    return await talk(port);
  } finally {
    await end();
  }
}

/** The configuration that strips handshakes: all that it says is where the app is. */
function bareProxyPass(behind) {
  return {
    http: '',
    location: `proxy_pass http://${LOOPBACK}:${behind};`,
  };
}

/** The configuration that nginx' manual gives for WebSockets. */
function mappedProxyPass(behind) {
  return {
    http: `map $http_upgrade $connection_upgrade { default upgrade; '' close; }`,
    location: `
      proxy_pass http://${LOOPBACK}:${behind};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;`,
  };
}

function nginx({ http, location }) {
  return startFront('nginx', (home) => ['-p', home, '-e', 'stderr', '-c', `${home}/conf`], (home, port) => `
daemon off;
pid ${home}/pid;
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path ${home}/body;
  proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi;
  scgi_temp_path ${home}/scgi;
  ${http}
  server {
    listen ${LOOPBACK}:${port};
    location / {
      ${location}
    }
  }
}
`);
}

function haproxy(behind) {
  return startFront('haproxy', (home) => ['-db', '-f', `${home}/conf`], (_home, port) => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend clients
  bind ${LOOPBACK}:${port}
  default_backend app
backend app
  server app ${LOOPBACK}:${behind}
`);
}

async function startFront(program, args, config) {
  const home = await mkdtemp(join(tmpdir(), `culvert-e2e-${program}-`));
  const port = await freePort();
  await chmod(home, 0o755); // nginx' workers are another user and keep their temporary files there
  await writeFile(join(home, 'conf'), config(home, port));
  const front = new Program(program, args(home));
  const end = async () => {
    await front.end();
    await rm(home, { recursive: true });
  };
  try {
    await front.ready(() => accepts(port));
    return { port, end };
  } catch (error) {
    await end();
    throw error;
  }
}
