// Changed cells only, the same picture: whatever the framework draws, a terminal behind the frugal output shows what one without it would.

import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import { frugalOutput } from '../../src/ui/frugal-output.ts';

const COLUMNS = 24;
const ROWS = 6;
const ENTER = '\u001b[?1049h\u001b[?25l';
const SYNC = ['\u001b[?2026h', '\u001b[?2026l'] as const;

interface Glass {
  stdout: NodeJS.WriteStream;
  written(): string;
  forget(): void;
  resize(columns: number, rows: number): void;
  /** Every cell with its look. */
  cells(): Promise<string[]>;
}

function glass(columns = COLUMNS, rows = ROWS): Glass {
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 0 });
  let text = '';
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns,
    rows,
    write(chunk: string, done?: () => void): boolean {
      text += chunk;
      term.write(chunk, done);
      return true;
    },
  });
  stdout.write('\u001b[?7l');
  const look = (x: number, y: number): string => {
    const cell = term.buffer.active.getLine(y)?.getCell(x);
    if (cell === undefined) return '';
    const chars = cell.getChars() || ' ';
    const marks = `${cell.isInverse()}${cell.isUnderline()}${cell.getBgColor()}`;
    return chars === ' ' ? marks : `${chars}${marks}${cell.isBold()}${cell.isDim()}${cell.getFgColor()}`;
  };
  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    written: () => text,
    forget: () => {
      text = '';
    },
    resize(nextColumns, nextRows) {
      term.resize(nextColumns, nextRows);
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
    },
    async cells() {
      await new Promise<void>((resolve) => term.write('', resolve));
      return Array.from({ length: term.rows }, (_, y) =>
        Array.from({ length: term.cols }, (__, x) => look(x, y)).join('|'),
      );
    },
  };
}

const LOOKS = ['', '1', '2', '7', '4', '36', '1;31', '44', '38;5;200', '38;2;1;2;3', '7;33'];
// Emoji are not among them: of their width the emulator thinks otherwise, and what follows them is put where it belongs.
const PIECES = ['a', 'BTC-USD', '12.5', ' ', '    ', '─', '│', '✓', '…', '漢', 'e\u0301', '한', '│ 7', ' · '];

const piece = fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(...LOOKS));

/** A line is never wider than the terminal: the framework sees to that. */
const line = fc.array(piece, { maxLength: 8 }).map((pieces) => {
  let free = COLUMNS;
  let out = '';
  for (const [text, look] of pieces) {
    free -= cellWidth(text);
    if (free >= 0) out += look === '' ? text : `\u001b[${look}m${text}\u001b[0m`;
  }
  return out;
});
const picture = (rows: number) => fc.array(line, { minLength: rows, maxLength: rows });

/** The lines of a picture, most of them as they were: what one screen is to the next. */
const pictures = fc
  .tuple(picture(ROWS), fc.array(fc.array(fc.tuple(fc.nat(ROWS - 1), line), { maxLength: 3 }), { maxLength: 5 }))
  .map(([first, changes]) => {
    const all = [first];
    for (const change of changes) {
      const next = [...(all.at(-1) ?? [])];
      for (const [row, text] of change) next[row] = text;
      all.push(next);
    }
    return all;
  });

const eraseLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `\u001b[2K${index < count - 1 ? '\u001b[1A' : ''}`).join('') +
  (count > 0 ? '\u001b[G' : '');

/** As the framework writes a screen: the last one erased line by line, the next one written. */
function drawn(screen: readonly string[], erased: number): string[] {
  return [SYNC[0], eraseLines(erased) + screen.join('\n'), SYNC[1]];
}

describe('what goes through', () => {
  it('shows the same picture', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (screens) => {
        const frugal = glass();
        const plain = glass();
        const out = frugalOutput(frugal.stdout).stdout;
        for (const stream of [out, plain.stdout]) stream.write(ENTER);
        for (const [index, screen] of screens.entries()) {
          for (const text of drawn(screen, index === 0 ? 0 : ROWS)) {
            out.write(text);
            plain.stdout.write(text);
          }
          expect(await frugal.cells()).toEqual(await plain.cells());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is a few bytes where a figure changed, at either side of the screen', () => {
    const frugal = glass();
    const out = frugalOutput(frugal.stdout).stdout;
    out.write(ENTER);
    const side = (left: string, right: string): string[] => [`│ ${left} │ │ ${right} │`, '└──────┘ └──────┘'];
    for (const text of drawn(side('1200', '1.50'), 0)) out.write(text);
    frugal.forget();
    for (const text of drawn(side('1201', '1.51'), 2)) out.write(text);
    expect(frugal.written()).toBe(`${SYNC[0]}\u001b[1;6H1\u001b[8C1${SYNC[1]}`);
    frugal.forget();
    for (const text of drawn(side('1201', '1.51'), 2)) out.write(text);
    expect(frugal.written()).toBe('');
  });

  it('is untouched before and after the alternate screen', () => {
    const frugal = glass();
    const out = frugalOutput(frugal.stdout).stdout;
    frugal.forget();
    out.write('before\n');
    out.write('\u001b[?1049h');
    out.write('drawn');
    out.write('\u001b[?1049l');
    out.write('\u001b[2Kafter\n');
    expect(frugal.written()).toBe('before\n\u001b[?1049h\u001b[?1049l\u001b[2Kafter\n');
  });
});

describe('a terminal in doubt', () => {
  it('is written anew after a resize', async () => {
    await fc.assert(
      fc.asyncProperty(
        picture(ROWS),
        fc.integer({ min: 10, max: 40 }),
        fc.integer({ min: 3, max: 9 }),
        async (before, columns, rows) => {
          const frugal = glass();
          const out = frugalOutput(frugal.stdout).stdout;
          out.write(ENTER);
          for (const text of drawn(before, 0)) out.write(text);
          await frugal.cells();
          frugal.resize(columns, rows);
          const after = Array.from({ length: rows }, (_, index) => `row ${index}`);
          for (const text of drawn(after, ROWS)) out.write(text);
          const fresh = glass(columns, rows);
          fresh.stdout.write(`\u001b[H${after.join('\n')}`);
          expect(await frugal.cells()).toEqual(await fresh.cells());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is written anew when that is asked for', async () => {
    const frugal = glass();
    const { stdout: out, doubt } = frugalOutput(frugal.stdout);
    out.write(ENTER);
    for (const text of drawn(['one', 'two'], 0)) out.write(text);
    const before = await frugal.cells();
    frugal.stdout.write('\u001b[H\u001b[Jrubbish');
    doubt();
    await new Promise<void>((resolve) => out.write('', () => resolve()));
    expect(await frugal.cells()).toEqual(before);
  });
});
