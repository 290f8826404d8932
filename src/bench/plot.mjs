import { number, sizes } from './report.mjs';
import { spread } from './statistics.mjs';

const WIDTH = 720;
const LEFT = 170;
const RIGHT = 110;
const ROW = 26;
const HEIGHT = 320;
const TOP = 44;
const BOTTOM = 46;
const TICKS = 8;
const CULVERT = /^Culvert/;

/** Readable on white and on black: the reader's scheme chooses. */
const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-weight: 600; font-size: 14px }
  .bar { fill: #9aa5b1 } .own { fill: #1f7a8c }
  .whisker, .axis { stroke: #555; stroke-width: 1 } .line { fill: none; stroke-width: 2 }
  .c0 { stroke: #1f7a8c } .c1 { stroke: #7fb7be } .c2 { stroke: #c1666b } .c3 { stroke: #d4a05a } .c4 { stroke: #7a6c9d } .c5 { stroke: #6b8f4e }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } .bar { fill: #6b7785 } .own { fill: #49b6cc } .whisker, .axis { stroke: #bbb } }
</style>`;

/** A plot for each figure's first two columns, and two of the growth: `{ figure, name, title, svg }`. */
export function plots({ subjects, figures, growth }) {
  const drawn = figures.flatMap((figure) =>
    figure.columns.slice(0, 2).map((column) => {
      const title = `${figure.title}: ${column.title}`;
      return { figure: figure.name, name: `${figure.name}-${column.field}`, title, svg: bars(title, rows(figure, subjects, column)) };
    }),
  );
  return growth ? [...drawn, ...growthPlots(subjects, growth)] : drawn;
}

function rows(figure, subjects, { field, scale = 1 }) {
  return subjects
    .filter(({ name }) => figure.samples[name] && !(name === 'direct' && field === 'proxy_cpu_us'))
    .map(({ name, title }) => ({ title, ...spread(figure.samples[name].map((sample) => sample[field] * scale)) }));
}

function growthPlots(subjects, growth) {
  return [
    { field: 'resident_kib', title: 'MB resident with so many tunnels', scale: 1024 / 1e6 },
    { field: 'proxy_cpu_us', title: 'CPU µs per message with so many tunnels', scale: 1 },
  ].map(({ field, title, scale }) => {
    const series = subjects.filter(({ name }) => growth[name]).map(({ name, title: label }) => ({
      label,
      points: sizes(growth[name]).map((tunnels) => {
        const samples = growth[name].filter((sample) => sample.tunnels === tunnels);
        return [tunnels, spread(samples.map((sample) => sample[field] * scale)).median];
      }),
    }));
    return { figure: 'growth', name: `growth-${field}`, title, svg: lines(title, 'tunnels', series) };
  });
}

/** Bars from the left, with a whisker from the least to the most. */
function bars(title, all) {
  const most = Math.max(...all.map(({ max }) => max)) || 1;
  const x = (value) => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);
  const body = all.map(({ title: label, median, min, max }, i) => {
    const y = TOP + i * ROW;
    return [
      text(LEFT - 8, y + 15, label, 'end'),
      `<rect class="${CULVERT.test(label) ? 'bar own' : 'bar'}" x="${LEFT}" y="${y + 3}" width="${round(x(median) - LEFT)}" height="${ROW - 8}"/>`,
      `<line class="whisker" x1="${round(x(min))}" x2="${round(x(max))}" y1="${y + 12}" y2="${y + 12}"/>`,
      text(x(max) + 8, y + 16, number(median)),
    ].join('');
  });
  return frame(title, TOP + all.length * ROW + 10, body);
}

/** Lines through the points, each `[x, y]`, of each series, `{ label, points }`; both axes begin at 0. */
export function lines(title, unit, series) {
  const points = series.flatMap((one) => one.points);
  const [mostX, mostY] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])) || 1);
  const x = (value) => LEFT / 2 + (value / mostX) * (WIDTH - LEFT / 2 - LEFT);
  const y = (value) => HEIGHT - BOTTOM - (value / mostY) * (HEIGHT - BOTTOM - TOP);
  const body = series.flatMap(({ label, points: own }, i) => [
    `<polyline class="line c${i}" points="${own.map(([a, b]) => `${round(x(a))},${round(y(b))}`).join(' ')}"/>`,
    `<line class="line c${i}" x1="${WIDTH - LEFT + 12}" x2="${WIDTH - LEFT + 30}" y1="${TOP + i * 20}" y2="${TOP + i * 20}"/>`,
    text(WIDTH - LEFT + 36, TOP + i * 20 + 4, label),
  ]);
  const values = [...new Set(points.map(([value]) => value))];
  const ticks = (values.length > TICKS ? [0, mostX] : values).map((value) => text(x(value), HEIGHT - BOTTOM + 18, number(value), 'middle'));
  const levels = [0, 0.5, 1].map((share) => text(LEFT / 2 - 8, y(share * mostY) + 4, number(share * mostY), 'end'));
  const axes = `<path class="axis" fill="none" d="M${LEFT / 2} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - LEFT}"/>`;
  return frame(title, HEIGHT, [axes, ...body, ...ticks, ...levels, text(WIDTH - LEFT, HEIGHT - 8, unit, 'end')]);
}

function frame(title, height, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
${STYLE}
<text class="title" x="12" y="22">${escape(title)}</text>
${body.join('\n')}
</svg>
`;
}

function text(x, y, words, anchor = 'start') {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escape(String(words))}</text>`;
}

function escape(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value) {
  return Math.round(value * 10) / 10;
}
