import { start } from './subjects.mjs';

/**
 * A figure of several subjects, by turns: round after round, each round beginning with another one, so that nobody always
 * comes behind the same neighbour. For each subject its sample of each round, by name.
 *
 * @param told hears of each sample: subject, sample
 */
export async function measureFigure(figure, subjects, app, { scale, rounds, warmRounds, told = () => {} }) {
  const lasting = !figure.fresh && !figure.alone;
  const samples = Object.fromEntries(subjects.map(({ name }) => [name, []]));
  const running = new Map();
  for (const subject of lasting ? subjects : []) {
    running.set(subject, await start(subject, app));
  }
  const skipped = lasting ? warmRounds : 0;
  for (let round = 0; round < rounds + skipped; round++) {
    for (const subject of turned(subjects, round)) {
      const sample = lasting
        ? await figure.measure(running.get(subject), app, scale)
        : await measureStarted(figure, subject, app, scale);
      if (round >= skipped) {
        samples[subject.name].push(sample);
        told(subject, sample);
      }
    }
  }
  await Promise.all([...running.values()].map((subject) => subject.end()));
  return samples;
}

async function measureStarted(figure, subject, app, scale) {
  if (figure.alone) {
    return figure.measure(subject, app);
  }
  const started = await start(subject, app);
  try {
    return await figure.measure(started, app, scale);
  } finally {
    await started.end();
  }
}

function turned(list, by) {
  return list.map((_, i) => list[(i + by) % list.length]);
}
