import { type PictureHub, diamond, rowOf } from './row.ts';
import { type Scale, marksOf, xOf } from './scale.ts';
import { element, short, text, title } from './svg.ts';

export interface Picture {
  readonly heading: string;
  readonly subheading: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly hubs: readonly PictureHub[];
}

const WIDTH = 1200;
const LEFT = 210;
const RIGHT = 24;
const TOP = 112;
const BOTTOM = 20;

/** A timeline of every hub as an SVG file of its own: light or dark as the reader has it, nothing loaded from elsewhere. */
export function pictureOf({ heading, subheading, fromMs, toMs, hubs }: Picture): string {
  const scale: Scale = { fromMs, toMs, left: LEFT, width: WIDTH - LEFT - RIGHT };
  let y = TOP;
  const rows: string[] = [];
  for (const [index, hub] of hubs.entries()) {
    const { height, svg } = rowOf(hub, scale, y);
    if (index % 2 === 0) rows.push(element('rect', { class: 'stripe', x: 0, y, width: WIDTH, height }));
    rows.push(svg);
    y += height;
  }
  const height = y + BOTTOM;
  const head = [
    element('rect', { class: 'paper', width: WIDTH, height }),
    text(14, 30, 'heading', heading),
    text(14, 50, 'sub', subheading),
    legend(),
  ];
  const size = { width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${short(height)}` };
  const lines = marksOf(scale).map(({ atMs, text: mark }) => {
    const x = xOf(scale, atMs);
    return (
      element('path', { class: 'grid', d: `M${short(x)} ${TOP - 6}V${short(y)}` }) +
      text(x, TOP - 12, 'small', mark, 'middle')
    );
  });
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size, role: 'img', 'font-family': FONT },
    `${title(heading)}<style>${STYLE}</style>${head.join('')}${rows.join('')}${lines.join('')}`,
  )}\n`;
}

const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif';

const LEGEND = [
  ['run passed', 'passed', 5],
  ['failed', 'failed', 12],
  ['our own fault', 'errored', 9],
  ['suspect', 'suspect', 5],
  ['broken', 'broken', 5],
  ['recovering', 'recovering', 5],
  ['unknown', 'unknown', 5],
  ['was declared', 'actual', 12],
  ['would be declared', 'trial', 12],
  ['would have been confirmed; no run on record', 'missing', 8],
] as const;

function legend(): string {
  let x = 14;
  return LEGEND.map(([name, kind, height]) => {
    const item = sign(kind, x, height) + text(x + 20, 74, 'small', name);
    x += 36 + 5.9 * name.length;
    return item;
  }).join('');
}

function sign(kind: (typeof LEGEND)[number][1], x: number, height: number): string {
  const box = { x, y: 70 - height / 2, width: 14, height, rx: 1 };
  switch (kind) {
    case 'actual':
    case 'trial':
      return element('g', { class: kind }, element('rect', { class: 'bar', ...box }));
    case 'missing':
      return element('path', { class: kind, d: diamond(x + 8, 70) });
    default:
      return element('rect', { class: kind, ...box });
  }
}

const STYLE = `
.paper{fill:#fff}.stripe{fill:#f6f7f9}.grid{stroke:#8883;stroke-width:1}.line{stroke:#2e7d3255;stroke-width:1}
text{fill:#1c2330;font-size:12px}.heading{font-size:18px;font-weight:600}.sub{fill:#5a6473;font-size:12.5px}
.hub{font-weight:600;font-size:13px}.small{fill:#5a6473;font-size:11px}
.passed{fill:#8cc79a}.failed{fill:#c62828}.errored{fill:#b58900}.aborted{fill:#9aa3b0}
.suspect{fill:#e9a23b}.broken{fill:#c62828}.recovering{fill:#3d7fd6}.unknown{fill:#c3c9d2}
.missing{fill:none;stroke:#8e44ad;stroke-width:1.5}
.before{fill:#8884}.actual .bar{fill:#fff;stroke:#6b7687;stroke-width:1.2}.actual .in{fill:#47505e;font-size:11px}
.trial .bar{fill:#a3262f}.trial .in{fill:#fff;font-size:11px}
@media (prefers-color-scheme:dark){.paper{fill:#14181f}.stripe{fill:#1a2029}text{fill:#e6e9ef}.sub,.small{fill:#9aa5b5}
.passed{fill:#3f7d4f}.failed,.broken{fill:#ef6262}.errored{fill:#d8a92c}.suspect{fill:#e0a03a}.recovering{fill:#6aa5f2}
.unknown{fill:#4d5665}.line{stroke:#6fbf8255}.missing{stroke:#c792ea}.actual .bar{fill:#14181f;stroke:#98a3b5}.actual .in{fill:#cdd4de}
.trial .bar{fill:#d9484f}}`.replaceAll('\n', '');
