// A drawing as an SVG picture for the README: text as text, borders and bars as shapes, so that no font can tear them. Pure. It follows
// the reader's light or dark page.

import type { Drawing, DrawnCell } from './drawn.tsx';

const CELL = { width: 8.4, height: 18 };
const AIR = 12;
const FONT_SIZE = 14;
const BASELINE = 13.5;

/** Names of the classes by the number of the colour. */
const COLOURS: Readonly<Record<number, string>> = { 1: 'r', 2: 'g', 3: 'y', 6: 'c' };

const STYLE = `
.page{fill:#16191f}.t{fill:#d5d9e0;font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}
.t.n{fill:#16191f}.chosen{fill:#d5d9e0}.s{fill:#d5d9e0}.l{stroke:#d5d9e0;stroke-width:1.1;fill:none}
.t.r,.s.r{fill:#ff7b72}.t.g,.s.g{fill:#56d364}.t.y,.s.y{fill:#e3b341}.t.c,.s.c{fill:#56d4dd}
.l.r{stroke:#ff7b72}.l.g{stroke:#56d364}.l.y{stroke:#e3b341}.l.c{stroke:#56d4dd}.b{font-weight:bold}.l.b{stroke-width:1.7}.d{opacity:.6}
@media(prefers-color-scheme:light){.page{fill:#fff}.t,.s,.chosen{fill:#1f2328}.t.n{fill:#fff}.l{stroke:#1f2328}
.t.r,.s.r{fill:#cf222e}.t.g,.s.g{fill:#1a7f37}.t.y,.s.y{fill:#9a6700}.t.c,.s.c{fill:#0a7ea4}
.l.r{stroke:#cf222e}.l.g{stroke:#1a7f37}.l.y{stroke:#9a6700}.l.c{stroke:#0a7ea4}}`.trim();

const number = (value: number): string => String(Number(value.toFixed(2)));
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function classOf({ color, bold, dim, inverse }: DrawnCell): string {
  if (inverse) return 'n';
  const colour = color === null ? '' : COLOURS[color];
  if (colour === undefined) throw new Error(`colour ${color} is nobody's role`);
  return [colour, bold ? 'b' : '', dim ? 'd' : ''].filter((name) => name !== '').join(' ');
}

const left = (column: number): number => AIR + column * CELL.width;
const top = (row: number): number => AIR + row * CELL.height;

/** The stroke of a border's character through its cell, or null when it is none. */
function stroke(character: string, column: number, row: number): string | null {
  const [x, y] = [left(column), top(row)];
  const [middle, centre] = [number(x + CELL.width / 2), number(y + CELL.height / 2)];
  const [west, east] = [number(x), number(x + CELL.width)];
  const [north, south] = [number(y), number(y + CELL.height)];
  const paths: Readonly<Record<string, string>> = {
    '─': `M${west} ${centre}H${east}`,
    '│': `M${middle} ${north}V${south}`,
    '╭': `M${middle} ${south}Q${middle} ${centre} ${east} ${centre}`,
    '╮': `M${west} ${centre}Q${middle} ${centre} ${middle} ${south}`,
    '╰': `M${middle} ${north}Q${middle} ${centre} ${east} ${centre}`,
    '╯': `M${west} ${centre}Q${middle} ${centre} ${middle} ${north}`,
  };
  return paths[character] ?? null;
}

const EIGHTHS = '▁▂▃▄▅▆▇█';

/** Signs that many fonts lack, as shapes of their own. */
function sign(character: string, column: number, row: number): string | null {
  const [x, y] = [left(column) + 1, top(row) + 5];
  const at = `M${number(x)} ${number(y)}`;
  if (character === '⏸') return `${at}h2v8h-2zm4.4 0h2v8h-2z`;
  if (character === '▶') return `${at}l6.4 4l-6.4 4z`;
  return character === '⏺' ? `M${number(x)} ${number(y + 4)}a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z` : null;
}

/** The filled part of a bar's or a sign's cell, or null when it is none. */
function filled(character: string, column: number, row: number): string | null {
  const drawn = sign(character, column, row);
  if (drawn !== null) return drawn;
  const eighths = EIGHTHS.indexOf(character) + 1;
  const width = character === '▌' ? CELL.width / 2 : CELL.width;
  const height = character === '▌' ? CELL.height : (CELL.height * eighths) / 8;
  if (height === 0) return null;
  const y = top(row) + CELL.height - height;
  return `M${number(left(column))} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`;
}

interface Run {
  look: string;
  text: string;
  column: number;
  columns: number;
}

/** Neighbours of one look. Shapes, and gaps of more than one space, part them. */
function runsOf(line: readonly DrawnCell[]): Run[] {
  const runs: Run[] = [];
  let open = null as Run | null;
  for (const [column, cell] of line.entries()) {
    if (cell.text === '') {
      if (open !== null) open.columns += 1;
      continue;
    }
    const look = classOf(cell);
    const isShape = stroke(cell.text, column, 0) !== null || filled(cell.text, column, 0) !== null;
    const isGap = cell.text === ' ' && !cell.inverse && (line[column + 1]?.text ?? ' ') === ' ';
    // A blank parts looks that differ, whichever of them it was drawn with.
    const isLoose = cell.text === ' ' && !cell.inverse && open?.look !== look;
    if (isShape || isGap || isLoose) open = null;
    else if (open?.look === look) {
      open.text += cell.text;
      open.columns += 1;
    } else {
      open = { look, text: cell.text, column, columns: 1 };
      runs.push(open);
    }
  }
  return runs.filter(({ text, look }) => text.trim() !== '' || look === 'n');
}

function textLine(line: readonly DrawnCell[], row: number): string[] {
  return runsOf(line).map(({ look, text, column, columns }) => {
    const kept = look === 'n' ? text : text.trimEnd();
    const width = number((columns - (text.length - kept.length)) * CELL.width);
    const chosen = `<rect class="chosen" x="${number(left(column))}" y="${number(top(row))}" width="${width}" height="${CELL.height}"/>`;
    const shown = `<text class="${`t ${look}`.trim()}" x="${number(left(column))}" y="${number(top(row) + BASELINE)}" textLength="${width}">${escaped(kept)}</text>`;
    return look === 'n' ? `${chosen}${shown}` : shown;
  });
}

/** One path for all shapes of a look. */
function shapes(drawing: Drawing): string[] {
  const paths = new Map<string, string>();
  for (const [row, line] of drawing.entries())
    for (const [column, cell] of line.entries()) {
      const border = stroke(cell.text, column, row);
      const drawn = border ?? filled(cell.text, column, row);
      if (drawn === null) continue;
      const name = `${border === null ? 's' : 'l'} ${classOf(cell)}`.trim();
      paths.set(name, (paths.get(name) ?? '') + drawn);
    }
  // A row of dashes is one stroke.
  const joined = (path: string): string =>
    path.replace(/(M[\d.]+ [\d.]+H)([\d.]+)(?:M\2 [\d.]+H([\d.]+))+/g, (run) => {
      const ends = [...run.matchAll(/H([\d.]+)/g)];
      return `${run.slice(0, run.indexOf('H') + 1)}${ends.at(-1)?.[1] ?? ''}`;
    });
  return [...paths].map(([name, path]) => `<path class="${name}" d="${joined(path)}"/>`);
}

export function picture(drawing: Drawing, title: string): string[] {
  const width = number(2 * AIR + (drawing[0]?.length ?? 0) * CELL.width);
  const height = number(2 * AIR + drawing.length * CELL.height);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="100%" height="100%" rx="8"/>`,
    ...shapes(drawing),
    ...drawing.flatMap(textLine),
    '</svg>',
  ];
}
