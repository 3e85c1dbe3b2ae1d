import { element, short, text, title } from '../../../src/trial/picture/svg.ts';
import { FLAKES, type Trial } from './trials.ts';

const WIDTH = 960;
const HEIGHT = 420;
const PLOT = { left: 70, top: 70, width: 400, height: 280 };
const BARS = { left: 640, top: 70, width: 260, height: 280 };
/** False declarations a month at the bottom and the top. */
const RANGE = { low: 1e-4, high: 1e3 };
const MINUTES = 20;
const GOALS = { falsePerMonth: 1, minutes: 8 };
/** Told apart by people who see no red or green, on white and on black: Okabe and Ito's colours. */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#d55e00', '#cc79a7'];

const STYLE = `
  .paper { fill: #fff } text { fill: #24292f; font-size: 12px }
  .heading { font-size: 15px; font-weight: 600 } .small { font-size: 11px; fill: #57606a }
  .grid { stroke: #d0d7de } .goal { stroke: #24292f; stroke-dasharray: 5 4 } path { fill: none }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } text { fill: #e6edf3 } .small { fill: #8d96a0 }
    .grid { stroke: #30363d } .goal { stroke: #e6edf3 }
  }`;

/** False declarations by flake rate, and the time to declare, for each setting: a picture of its own, light or dark. */
export function chartOf(trials: readonly Trial[]): string {
  const content = [
    element('rect', { class: 'paper', width: WIDTH, height: HEIGHT }),
    ...axes(),
    ...trials.flatMap((trial, index) => curve(trial, COLOURS[index] ?? '', index)),
    ...trials.flatMap((trial, index) => bar(trial, COLOURS[index] ?? '', index, trials.length)),
  ];
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'font-family': 'system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif',
    },
    `${title('False declarations by flake rate, and time to declare')}<style>${STYLE}</style>${content.join('')}`,
  )}\n`;
}

function xOf(flake: number): number {
  const [low, high] = [Math.log(FLAKES[0]), Math.log(FLAKES.at(-1) ?? 1)];
  return PLOT.left + 20 + ((Math.log(flake) - low) / (high - low)) * (PLOT.width - 40);
}

function yOf(perMonth: number): number {
  const within = Math.min(RANGE.high, Math.max(RANGE.low, perMonth));
  const share = Math.log(within / RANGE.low) / Math.log(RANGE.high / RANGE.low);
  return PLOT.top + PLOT.height * (1 - share);
}

function minutesAt(minutes: number): number {
  return BARS.left + (Math.min(MINUTES, minutes) / MINUTES) * BARS.width;
}

function axes(): readonly string[] {
  const { left, top, width, height } = PLOT;
  const powers = [-4, -3, -2, -1, 0, 1, 2, 3];
  return [
    text(left - 50, 30, 'heading', 'False declarations per 80 hubs and month'),
    text(
      left - 50,
      48,
      'small',
      'lines: by arithmetic; points: counted in up to 60 simulated days, with 95 % intervals',
    ),
    ...powers.flatMap((power) => {
      const y = yOf(10 ** power);
      return [
        line('grid', left, y, left + width, y),
        text(left - 6, y + 4, 'small', String(10 ** power), 'end'),
      ];
    }),
    ...FLAKES.map((flake) =>
      text(xOf(flake), top + height + 18, 'small', `${short(flake * 100)} %`, 'middle'),
    ),
    text(left + width / 2, top + height + 38, 'small', 'of runs fail without a fault', 'middle'),
    line('goal', left, yOf(GOALS.falsePerMonth), left + width, yOf(GOALS.falsePerMonth)),
    text(BARS.left - 130, 30, 'heading', 'Time from the start of an outage to its declaration'),
    text(
      BARS.left - 130,
      48,
      'small',
      'runs every ten minutes; bar: median, line: 95 of 100 are declared by then',
    ),
    ...[0, 4, 8, 12, 16, 20].flatMap((minutes) => [
      line('grid', minutesAt(minutes), BARS.top, minutesAt(minutes), BARS.top + BARS.height),
      text(minutesAt(minutes), BARS.top + BARS.height + 18, 'small', String(minutes), 'middle'),
    ]),
    text(BARS.left + BARS.width / 2, BARS.top + BARS.height + 38, 'small', 'minutes', 'middle'),
    line('goal', minutesAt(GOALS.minutes), BARS.top, minutesAt(GOALS.minutes), BARS.top + BARS.height),
  ];
}

function curve({ byFlake, setting }: Trial, colour: string, index: number): readonly string[] {
  const points = byFlake.map(({ flake, arithmetic }) => `${short(xOf(flake))} ${short(yOf(arithmetic))}`);
  return [
    element('path', { d: `M${points.join('L')}`, stroke: colour, 'stroke-width': 2 }),
    ...byFlake.flatMap(({ flake, counted }) => {
      // Beside each other, where two settings come to the same.
      const x = xOf(flake) + (index - 2) * 5;
      const { low, high, mean } = counted;
      const range = element('path', {
        d: `M${short(x)} ${short(yOf(low))}V${short(yOf(high))}`,
        stroke: colour,
        'stroke-width': 1.5,
      });
      const said = title(`${setting.name}, ${short(flake * 100)} %: ${mean.toPrecision(2)} a month`);
      // None was counted: only how many there may be at most is known.
      return mean === 0
        ? [range]
        : [range, element('circle', { cx: x, cy: yOf(mean), r: 3.5, fill: colour }, said)];
    }),
  ];
}

function bar({ setting, toDeclare }: Trial, colour: string, index: number, count: number): readonly string[] {
  const height = BARS.height / count;
  const y = BARS.top + index * height;
  const [median, p95] = [(toDeclare.median ?? 0) / 60, (toDeclare.p95 ?? 0) / 60];
  const middle = y + height / 2;
  const [head = '', ...rest] = setting.name.split(', ');
  return [
    element('rect', {
      x: BARS.left,
      y: y + height * 0.3,
      width: minutesAt(median) - BARS.left,
      height: height * 0.4,
      fill: colour,
    }),
    element('path', {
      d: `M${short(minutesAt(median))} ${short(middle)}H${short(minutesAt(p95))}`,
      stroke: colour,
      'stroke-width': 2,
    }),
    text(BARS.left - 8, middle - 2, 'small', head, 'end'),
    text(BARS.left - 8, middle + 12, 'small', rest.join(', '), 'end'),
  ];
}

function line(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  return element('path', { class: kind, d: `M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}` });
}
