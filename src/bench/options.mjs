import { parseArgs } from 'node:util';
import { FIGURES, QUICK, THOROUGH } from './figures.mjs';
import { SUBJECTS } from './subjects.mjs';

const USAGE = `usage: src/bench/run [--quick] [--rounds N] [--only NAME,…] [--subjects NAME,…] [COMMAND…]
  figures:  ${[...FIGURES.map((figure) => figure.name), 'growth'].join(' ')}
  subjects: ${SUBJECTS.map((subject) => subject.name).join(' ')}
  COMMAND starts Culvert; without one it is this checkout's native binary`;

const OPTIONS = {
  quick: { type: 'boolean' },
  rounds: { type: 'string' },
  only: { type: 'string' },
  subjects: { type: 'string' },
};

/** What the command line and BENCH_ROUNDS ask for; ends the program where that is not to be understood. */
export function readOptions(words) {
  const { values, command } = split(words, OPTIONS, USAGE);
  const { quick = false, rounds = process.env.BENCH_ROUNDS, only, subjects } = values;
  return {
    report: only ?? 'report',
    scale: quick ? QUICK : THOROUGH,
    rounds: wholeNumber(rounds ?? (quick ? '1' : '5')),
    warmRounds: quick ? 0 : 1,
    ...figuresOf(only),
    subjects: named(SUBJECTS, subjects),
    culvert: command,
  };
}

/**
 * Options, as `parseArgs` takes them, up to the first word that is none: what follows is a command, which has options of its
 * own. Ends the program where they are wrong.
 */
export function split(words, options, usage = `options: ${Object.keys(options).map((name) => `--${name}`).join(' ')}`) {
  const takesValue = (word) => options[word?.slice(2)]?.type === 'string';
  const at = words.findIndex((word, i) => !word.startsWith('--') && !takesValue(words[i - 1]));
  const end = at < 0 ? words.length : at;
  try {
    return { ...parseArgs({ args: words.slice(0, end), options }), command: words.slice(end) };
  } catch (fault) {
    return refuse(`${fault.message}\n${usage}`);
  }
}

/** "growth" is not measured as the others are, but named like them. */
function figuresOf(names) {
  const chosen = named([...FIGURES, { name: 'growth' }], names);
  return {
    figures: chosen.filter((figure) => figure.measure),
    growth: chosen.some(({ name }) => name === 'growth'),
  };
}

function named(all, names) {
  const wanted = names?.split(',') ?? all.map(({ name }) => name);
  const unknown = wanted.find((name) => !all.some((one) => one.name === name));
  return unknown ? refuse(`unknown: ${unknown}\n${USAGE}`) : all.filter(({ name }) => wanted.includes(name));
}

function wholeNumber(text) {
  return /^[1-9]\d*$/.test(text) ? Number(text) : refuse(`rounds: expected a number from 1 up, found ${text}\n${USAGE}`);
}

function refuse(why) {
  console.error(why);
  process.exit(2);
}
