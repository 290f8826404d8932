// Culvert beside its peers and beside no proxy at all, in one session; see README.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, OUT, takeCulvert } from './build.mjs';
import { measureGrowth } from './growth.mjs';
import { measureFigure } from './interleave.mjs';
import { machine } from './machine.mjs';
import { readOptions } from './options.mjs';
import { plots } from './plot.mjs';
import { markdown } from './report.mjs';
import { isThere, startApp } from './subjects.mjs';

const options = readOptions(process.argv.slice(2));
takeCulvert(options.culvert);
const subjects = options.subjects.filter((subject) => isThere(subject) || console.log(`left out, not installed: ${subject.title}`));
compile({ withVertx: subjects.some(({ name }) => name === 'vertx') });

const results = { began: machine(), rounds: options.rounds, scale: options.scale, subjects, figures: [] };
const app = await startApp();
for (const figure of options.figures) {
  const taking = subjects.filter(({ name }) => !figure.proxies || name !== 'direct');
  const told = (subject, sample) => tell(figure, subject, sample);
  results.figures.push({ ...figure, samples: await measureFigure(figure, taking, app, { ...options, told }) });
  publish(); // a run that is cut short has told what it saw
}
if (options.growth) {
  const proxies = subjects.filter(({ name }) => name !== 'direct');
  results.growth = await measureGrowth(proxies, app, options.scale, Math.min(options.rounds, 3));
}
await app.end();
console.log(publish());

function tell(figure, subject, sample) {
  const [{ field, title, scale = 1 }] = figure.columns;
  const faults = sample.failed || sample.lost ? `, FAILED ${sample.failed}, LOST ${sample.lost}` : '';
  console.log(`${figure.name}: ${subject.title}: ${title} ${(sample[field] * scale).toFixed(2)}${faults}`);
}

/** A part of the figures is written under its own name, and leaves the report of all of them as it is. */
function publish() {
  results.ended = machine();
  const drawn = plots(results);
  drawn.forEach(({ name, svg }) => writeFileSync(join(OUT, `${name}.svg`), svg));
  const text = markdown(results, drawn);
  const file = join(OUT, options.report);
  writeFileSync(`${file}.md`, text);
  writeFileSync(`${file}.json`, `${JSON.stringify(results, null, 2)}\n`);
  return `${text}\n${file}.md, ${file}.json, ${drawn.length} plots beside them`;
}
