// Holds what Culvert costs against bounds that a busy machine does not move; see README.md.
import { compile, jarCommand, takeCulvert } from './build.mjs';
import { FIGURES, hold } from './figures.mjs';
import { heapPerTunnel } from './heap.mjs';
import { measureFigure } from './interleave.mjs';
import { split } from './options.mjs';
import { ratio } from './statistics.mjs';
import { isThere, start, startApp, SUBJECTS } from './subjects.mjs';

/**
 * Most CPU of Culvert's for a message, a handshake or a plain request, in multiples of what the app needs for one without a
 * proxy, and of what a peer needs: half as much again as what is measured, and more where a machine with much other work shows it.
 */
const BOUNDS = {
  one: { direct: 3.6, nginx: 1.8, haproxy: 1.5 },
  many: { direct: 4.4, nginx: 1.8, haproxy: 1.7 },
  handshakes: { direct: 5.5, nginx: 2.2, haproxy: 2.1 },
  plain: { direct: 14, nginx: 4.9, haproxy: 5.2 },
};
/** Most bytes that a tunnel keeps on the JVM's heap; 1,600 to 1,800 were counted. */
const HEAP_BYTES = 2_000;
/** Most that is resident for each idle tunnel, what the event loop and the collector have for all of them included; 3.0 to 3.2. */
const RESIDENT_KIB = 5;
/** As many as one process has files for; the heap has to have room for them, and for their copies. */
const MOST_TUNNELS = 9_900;
/** Short ones, many: what disturbs one disturbs its neighbours too, which it is divided by. */
const SLICES = { rounds: 9, warmRounds: 2, scale: { seconds: 0.5, warmUp: 0.2 } };
const CLASSES_SHOWN = 12;

const { values, command } = split(process.argv.slice(2), { heap: { type: 'boolean' }, cpu: { type: 'boolean' } });
const all = !values.heap && !values.cpu;
let broken = 0;
if (all || values.cpu) {
  takeCulvert(command);
}
compile({ withVertx: false });
const app = await startApp();
if (all || values.cpu) {
  await guardCpu();
  await guardTunnels();
}
if (all || values.heap) {
  await guardHeap();
}
await app.end();
process.exitCode = broken ? 1 : 0;

async function guardCpu() {
  const subjects = SUBJECTS.filter(({ name }) => ['direct', 'culvert-1', 'nginx', 'haproxy'].includes(name)).filter(isThere);
  for (const [name, bounds] of Object.entries(BOUNDS)) {
    const figure = FIGURES.find((one) => one.name === name);
    const samples = await measureFigure(figure, subjects, app, SLICES);
    const own = samples['culvert-1'].map((sample) => sample.proxy_cpu_us);
    for (const { name: other, title } of subjects.filter((subject) => bounds[subject.name])) {
      const theirs = samples[other].map((sample) => (other === 'direct' ? sample.app_cpu_us : sample.proxy_cpu_us));
      const what = other === 'direct' ? 'of what the app needs without a proxy' : `of ${title}'s`;
      verdict(ratio(own, theirs), bounds[other], `${figure.title}: ${figure.columns[0].title} in multiples ${what}`);
    }
  }
}

async function guardTunnels() {
  const proxy = await start(SUBJECTS.find(({ name }) => name === 'culvert-1'), app);
  const { failed, lost, silent, kib_per_tunnel: resident } = await hold(proxy, app, MOST_TUNNELS, { seconds: 0.5 });
  await proxy.end();
  verdict(resident, RESIDENT_KIB, `KiB resident for each of ${MOST_TUNNELS} idle tunnels`);
  verdict(failed + lost + silent, 0, `of ${MOST_TUNNELS} tunnels refused, lost or silent`);
}

async function guardHeap() {
  takeCulvert(values.heap && command.length ? command : jarCommand());
  const proxy = await start(SUBJECTS.find(({ name }) => name === 'culvert-1'), app);
  const { objects, bytes, classes } = await heapPerTunnel(proxy, app);
  await proxy.end();
  verdict(bytes, HEAP_BYTES, `bytes on the heap for each tunnel, in ${objects.toFixed(1)} objects`);
  for (const one of classes.slice(0, CLASSES_SHOWN)) {
    console.log(`       ${one.bytes.toFixed(0).padStart(6)} bytes ${one.objects.toFixed(2).padStart(6)} × ${one.name}`);
  }
}

function verdict(value, bound, text) {
  broken += value > bound;
  console.log(`${value > bound ? 'BAD ' : 'good'} ${value.toFixed(2)} (at most ${bound}) ${text}`);
}
