import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK } from '../port.mjs';
import { Peer } from './peer.mjs';

const RETRY_MS = 200;
const EVERY_MS = 1_000;

/** Opens tunnels through a service and has both of their ends talk. */
export class TunnelClients {
  refused = 0;
  #service;
  #serial = 0;

  constructor(service) {
    this.#service = service;
  }

  /** A tunnel to whichever pod takes it. */
  async open() {
    for (;;) {
      const pod = this.#service.pick();
      const path = `/tunnel/${this.#serial++}`;
      const peer = await this.#handshake(pod.port, path);
      if (peer) {
        return talk({ client: peer, app: pod.peers.get(path), pod });
      }
      await delay(RETRY_MS);
    }
  }

  /** The client's end, or nothing where the pod has no room. */
  async #handshake(port, path) {
    const asked = request({
      host: LOOPBACK,
      port,
      path,
      agent: false,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version': '13',
      },
    });
    asked.end();
    return new Promise((resolve) => {
      asked.once('upgrade', (_, socket, early) => resolve(new Peer(socket, { isClient: true }, early)));
      asked.once('response', (answer) => resolve(void answer.resume()));
      asked.once('error', () => resolve(void this.refused++));
    });
  }
}

function talk(tunnel) {
  const timer = setInterval(() => {
    tunnel.client.say();
    tunnel.app.say();
  }, EVERY_MS * (0.5 + Math.random()));
  tunnel.client.ended.then(() => clearInterval(timer));
  return tunnel;
}

/** Plain requests through a service at a rate, over connections that are kept where the pod keeps them. */
export class PlainClients {
  answered = 0;
  failures = [];
  #agent = new Agent({ keepAlive: true });
  #timer;
  #underWay = new Set();

  constructor(service, perSecond) {
    this.#timer = setInterval(() => {
      const one = this.#ask(service.pick().port).finally(() => this.#underWay.delete(one));
      this.#underWay.add(one);
    }, 1_000 / perSecond);
  }

  async #ask(port) {
    try {
      const asked = request({ host: LOOPBACK, port, path: '/', agent: this.#agent });
      asked.end();
      const [answer] = await once(asked, 'response');
      let body = '';
      for await (const piece of answer.setEncoding('utf8')) {
        body += piece;
      }
      if (answer.statusCode !== 200 || body !== 'ok') {
        throw new Error(`${answer.statusCode} ${body}`);
      }
      this.answered++;
    } catch (error) {
      this.failures.push(error.message);
    }
  }

  async end() {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    this.#agent.destroy();
  }
}
