import { ratio, spread } from './statistics.mjs';

const MEASURED = 'culvert-1';

/** The report as Markdown, with the plots that were drawn. */
export function markdown(results, plots) {
  return [
    '# Culvert beside its peers',
    conditions(results),
    ...subjectTable(results),
    ...(results.figures.length ? inShort(results) : []),
    ...results.figures.flatMap((figure) => section(figure, results, plots)),
    ...(results.growth ? growthSection(results, plots) : []),
  ].join('\n\n').concat('\n');
}

function conditions({ began, ended, rounds }) {
  return [
    `${began.time} to ${ended.time}, ${began.cpus} CPUs (${began.model}), ${began.memoryGib} GiB, Linux ${began.kernel}; `,
    `load average ${began.load.toFixed(1)} before, ${ended.load.toFixed(1)} behind. `,
    `All on loopback, one after the other in turn, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}. `,
    'A cell is the median of the rounds, with the least and the most. CPU is that of the proxy alone, user and system.',
  ].join('');
}

function subjectTable({ subjects }) {
  return [table(['subject', 'as it was set'], subjects.map(({ title, about }) => [title, about]))];
}

/** Of one figure and one column the values of all rounds. */
function values(figure, subject, { field, scale = 1 }) {
  return (figure.samples[subject] ?? []).map((sample) => sample[field] * scale);
}

function inShort({ subjects, figures }) {
  const others = subjects.filter(({ name }) => name !== MEASURED);
  if (others.length === subjects.length) {
    return [];
  }
  const rows = figures.flatMap((figure) =>
    figure.columns.map((column) => {
      const own = values(figure, MEASURED, column);
      const cells = others.map(({ name }) => times(ratio(own, values(figure, name, column))));
      return [`${figure.title}: ${column.title}${column.less ? '' : ' (more is better)'}`, ...cells];
    }),
  );
  return [
    '## In short',
    'Culvert with one event loop, in multiples of the others: below 1 is less than theirs. The median of the ratios within each round.',
    table(['', ...others.map(({ title }) => title)], rows),
  ];
}

function section(figure, { subjects }, plots) {
  const taking = subjects.filter(({ name }) => figure.samples[name]);
  const rows = taking.map(({ name, title }) => [
    title,
    ...figure.columns.map((column) => cell(values(figure, name, column), name === 'direct' && column.field === 'proxy_cpu_us')),
  ]);
  return [
    `## ${figure.title}`,
    table(['', ...figure.columns.map(({ title }) => title)], rows),
    ...faults(figure, taking),
    ...plots.filter(({ figure: name }) => name === figure.name).map(image),
  ];
}

/** What did not go through must stand beside what did. */
function faults(figure, subjects) {
  return subjects.flatMap(({ name, title }) => {
    const failed = figure.samples[name].reduce((sum, sample) => sum + (sample.failed ?? 0) + (sample.lost ?? 0), 0);
    return failed > 0 ? [`${title}: ${failed} handshakes, tunnels or requests failed.`] : [];
  });
}

function growthSection({ subjects, growth }, plots) {
  const rows = subjects
    .filter(({ name }) => growth[name])
    .flatMap(({ name, title }) =>
      sizes(growth[name]).map((tunnels) => {
        const samples = growth[name].filter((sample) => sample.tunnels === tunnels);
        const of = (field, scale = 1) => cell(samples.map((sample) => sample[field] * scale));
        const lost = samples.reduce((sum, sample) => sum + sample.failed + sample.lost + sample.silent, 0);
        return [title, tunnels, of('resident_kib', 1024 / 1e6), of('kib_per_tunnel'), of('opening_cpu_us'), of('proxy_cpu_us'), lost];
      }),
    );
  return [
    '## More and more tunnels',
    'Each number in a process of its own, the largest in two, since one may open 20,000 files. Messages of 64 bytes, 64 under way.',
    table(['', 'tunnels', 'MB resident', 'KiB per tunnel', 'CPU µs to open one', 'CPU µs per message', 'lost'], rows),
    ...plots.filter(({ figure }) => figure === 'growth').map(image),
  ];
}

/** The numbers of tunnels that were tried, in order. */
export function sizes(samples) {
  return [...new Set(samples.map(({ tunnels }) => tunnels))].sort((a, b) => a - b);
}

function image({ name, title }) {
  return `![${title}](${name}.svg)`;
}

function cell(numbers, none = false) {
  if (none || numbers.length === 0) {
    return '–';
  }
  const { median, min, max } = spread(numbers);
  return numbers.length === 1 ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;
}

function times(value) {
  return value === undefined ? '–' : `${value.toFixed(2)}×`;
}

/** Three figures that count. */
export function number(value) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 2)).replace(/\B(?=(\d{3})+(?!\d))/g, digits === 0 ? ',' : '');
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
