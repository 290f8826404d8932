import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { runCulvert, startCulvert } from '../culvert.mjs';
import { LOOPBACK } from '../port.mjs';
import { Peer } from './peer.mjs';

/** RFC 6455 section 1.3: of the one key that the clients here send. */
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const SWITCH = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Accept: ${ACCEPT}`,
  '\r\n',
].join('\r\n');
const GOODBYES_MS = 1_000;

/** An app and the Culvert beside it. */
export class Pod {
  /** The app's ends of tunnels, by the path that the client asked for. */
  peers = new Map();
  #app;
  #culvert;

  static async start(periodSeconds) {
    const pod = new Pod();
    pod.#app = createServer((_, answer) => answer.end('ok'));
    pod.#app.on('upgrade', (asked, socket, early) => {
      socket.write(SWITCH);
      pod.peers.set(asked.url, new Peer(socket, { isClient: false }, early));
    });
    await once(pod.#app.listen(0, LOOPBACK), 'listening');
    pod.#culvert = await startCulvert(pod.#app.address().port, {
      CULVERT_DRAIN_PERIOD: `${periodSeconds}s`,
      CULVERT_LOG_ACCESS: 'off',
    });
    return pod;
  }

  get port() {
    return this.#culvert.port;
  }

  get output() {
    return this.#culvert.output;
  }

  /** What the kubelet asks. */
  async isReady() {
    const asked = request({ host: LOOPBACK, port: this.#culvert.adminPort, path: '/q/health/ready', agent: false });
    asked.end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    return answer.statusCode === 200;
  }

  /** preStop. Resolves to its exit code when it has ended. */
  preStop() {
    return runCulvert(['drain'], { CULVERT_ADMIN_PORT: String(this.#culvert.adminPort) });
  }

  /** The app takes leave of its clients by itself. */
  async appSaysGoodbye() {
    for (const peer of this.peers.values()) {
      setTimeout(() => peer.close('the app'), Math.random() * GOODBYES_MS);
    }
    await Promise.all([...this.peers.values()].map((peer) => peer.ended));
  }

  endApp() {
    this.#app.close();
    this.#app.closeAllConnections();
    this.peers.forEach((peer) => peer.destroy());
  }

  /** Ends whatever is left of it. */
  async end() {
    await this.terminate();
    this.endApp();
  }

  /** SIGTERM to Culvert; resolves to its exit code. */
  terminate() {
    return this.#culvert.end();
  }
}
