import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { sight, startHttp } from './app.mjs';
import { executeOnSpdy, executeOnWebSocket } from './kubernetes-exec.mjs';

const V5 = 'v5.channel.k8s.io';
const SPDY = 'SPDY/3.1';
const SWITCHED = [
  'HTTP/1.1 101 Switching Protocols',
  'Connection: Upgrade',
  `Upgrade: ${SPDY}`,
  'X-Stream-Protocol-Version: v4.channel.k8s.io',
  '\r\n',
].join('\r\n');
/** What kubectl wants to know before it starts something in the pod `box`. */
const ANSWERS = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get'] }],
  },
  '/api/v1/namespaces/default/pods/box': {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'box', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'box' }] },
    status: { phase: 'Running' },
  },
};

/** A Kubernetes API server as far as `kubectl exec` asks for it; its only pod is `box`. */
export function startApi() {
  const seen = [];
  const http = createServer(serve);
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => offered.has(V5) && V5 });
  http.on('upgrade', (request, socket, head) => {
    const command = new URL(request.url, 'http://api').searchParams.get('command');
    if (request.headers.upgrade === SPDY) {
      seen.push(sight(`${request.method} ${SPDY}`, request.headers));
      socket.unshift(head);
      socket.write(SWITCHED);
      executeOnSpdy(command, socket).catch(() => socket.destroy());
    } else {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        seen.push(sight(`${request.method} ${webSocket.protocol}`, request.headers));
        executeOnWebSocket(command, webSocket).catch(() => webSocket.terminate());
      });
    }
  });
  return startHttp(http, seen);
}

function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://api');
  const answer = (status, content) =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  if (pathname in ANSWERS) {
    answer(200, ANSWERS[pathname]);
  } else if (pathname.endsWith('/exec')) {
    answer(400, failure('BadRequest', 'Upgrade request required'));
  } else {
    answer(404, failure('NotFound', `not found: ${pathname}`));
  }
}

function failure(reason, message) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message };
}
