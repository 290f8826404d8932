import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainClients, TunnelClients } from './drain/clients.mjs';
import { GOING_AWAY } from './drain/peer.mjs';
import { Pod } from './drain/pod.mjs';
import { Service } from './drain/service.mjs';
import { publish } from './table.mjs';

const TUNNELS = Number(process.env.DRAIN_TUNNELS ?? 200);
const REQUESTS_PER_SECOND = Number(process.env.DRAIN_REQUESTS ?? 50);
const PERIOD_S = Number(process.env.DRAIN_PERIOD_S ?? 6);
/** Opened so many at a time: what is asked here is how tunnels end. */
const AT_ONCE = 50;
const BEFORE_MS = 1_500;
const BOUND_MS = 30_000 + 4_000 * PERIOD_S;

/** How a pod is ended; each resolves to Culvert's exit code. */
const ORDERS = {
  'native sidecar: preStop, then the app ends, then SIGTERM': async (pod) => {
    assert.equal(await pod.preStop(), 0);
    pod.endApp();
    return pod.terminate();
  },
  'native sidecar: preStop, and the app says goodbye itself': async (pod) => {
    const [code] = await Promise.all([pod.preStop(), pod.appSaysGoodbye()]);
    assert.equal(code, 0);
    pod.endApp();
    return pod.terminate();
  },
  'plain container: SIGTERM alone': (pod) => pod.terminate(),
};
const rows = [];

after(() => {
  const head = ['a deploy', 'tunnels', 'closed with 1001', 'plain requests', 'lost', 'reconnects refused', 'gone after'];
  process.once('exit', () => publish(head, rows, 'E2E_DRAIN_TABLE'));
});

for (const [order, end] of Object.entries(ORDERS)) {
  test(`${order}: nothing is lost`, { timeout: BOUND_MS }, async (context) => {
    // Given a pod with tunnels and requests, and its successor
    const [old, young] = await Promise.all([Pod.start(PERIOD_S), Pod.start(0)]);
    context.after(() => Promise.all([old.end(), young.end()]));
    const service = new Service(old);
    const clients = new TunnelClients(service);
    const tunnels = await openAll(clients);
    const plain = new PlainClients(service, REQUESTS_PER_SECOND);
    await delay(BEFORE_MS);

    // When the old one is ended, and its clients come back as they are sent away
    service.add(young);
    const forgotten = service.forgetWhenNotReady(old);
    const back = Promise.all(tunnels.map((tunnel) => comeBack(tunnel, clients, young)));
    const begun = Date.now();
    const code = await end(old);
    const goneAfter = Date.now() - begun;
    await forgotten;
    await back;
    await plain.end();

    // Then
    rows.push([
      order,
      tunnels.length,
      tunnels.filter(({ client }) => client.closedWith === GOING_AWAY).length,
      plain.answered,
      plain.failures.length,
      clients.refused,
      `${(goneAfter / 1_000).toFixed(1)} s of ${PERIOD_S} s`,
    ]);
    assert.equal(code, 0, old.output);
    assert.deepEqual(plain.failures, []);
    assert.equal(clients.refused, 0);
  });
}

async function openAll(clients) {
  const tunnels = [];
  while (tunnels.length < TUNNELS) {
    const batch = Array.from({ length: Math.min(AT_ONCE, TUNNELS - tunnels.length) }, () => clients.open());
    tunnels.push(...(await Promise.all(batch)));
  }
  return tunnels;
}

/** A client opens a tunnel again each time that it is sent away, until it has one to the pod that stays. */
async function comeBack(tunnel, clients, stays) {
  let open = tunnel;
  while (open.pod !== stays) {
    await open.client.ended;
    wasWhole(open);
    open = await clients.open();
  }
}

/** Each side was told, or told the other, and each heard all that the other said, whenever that was. */
function wasWhole({ client, app }) {
  assert.equal(client.failure, undefined);
  assert.equal(client.closedWith, GOING_AWAY);
  assert.equal(app.closedWith, GOING_AWAY);
  assert.equal(client.heard, app.said);
  assert.equal(app.heard, client.said);
}
