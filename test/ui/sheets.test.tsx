// The golden sheets: what a person sees of recordings after some keys, drawn through a terminal emulator. UPDATE_GOLDEN=1 writes them anew.

import { describe, expect, it, vi } from 'vitest';
import { type Drawing, drawn, marksOf, spokenLines, textOf } from './drawn.tsx';
import { golden } from './golden.ts';
import { picture } from './picture.ts';
import { PICTURES, SHEETS, type Shot, SPOKEN, STYLED_SHEETS, titleOf } from './sheets.ts';
import { sit } from './sitting.ts';

vi.hoisted(() => {
  // Both are read once, when the framework is loaded: 16 colours whatever the terminal of the tests, and nobody's local time.
  process.env['FORCE_COLOR'] = '1';
  process.env['TZ'] = 'UTC';
});

async function sheet(shots: readonly Shot[], told: (drawing: Drawing) => readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const shot of shots) {
    const drawing = await drawn(await sit(shot));
    expect(drawing).toHaveLength(shot.size.rows);
    lines.push(`# ${titleOf(shot)}`, ...told(drawing), '');
  }
  return lines;
}

describe('the golden sheet', () => {
  it.each(Object.entries(SHEETS))('%s', async (name, shots) =>
    golden(`sheets/${name}.txt`, await sheet(shots, textOf)),
  );

  it.each(Object.entries(STYLED_SHEETS))('%s, with the look of each cell', async (name, shots) =>
    golden(`sheets/${name}.txt`, await sheet(shots, marksOf)),
  );
});

/** Without the look: sentences have none. */
const said = ({ recording, at, mode, keys }: Shot): string =>
  `${recording} at ${at} s, ${mode}, ${keys.join(' ') || 'no key'}`;

describe('without a screen', () => {
  it('a screen reader is given sentences with roles, in order', async () => {
    const lines: string[] = [];
    for (const shot of SPOKEN) lines.push(`# ${said(shot)}`, ...(await spokenLines(await sit(shot))), '');
    golden('sheets/screen-reader.txt', lines);
    expect(lines.join('\n')).not.toMatch(/[│╭█▌▁●◐]/);
  });
});

describe('the picture', () => {
  it.each(Object.entries(PICTURES))('%s of the README', async (name, { shows, shot }) =>
    golden(`../../../docs/${name}.svg`, picture(await drawn(await sit(shot)), shows)),
  );

  it('is text that no markup can break out of', () => {
    const cells = [...'a<b>&"c'].map((text) => ({ text, color: null, bold: false, dim: false, inverse: false }));
    expect(picture([cells], 'x < y').join('')).toContain('>a&lt;b&gt;&amp;"c</text>');
  });
});

describe('without colour', () => {
  it('nothing is coloured, and what is chosen is still seen', async () => {
    for (const shot of STYLED_SHEETS['without-colour'] ?? []) {
      const cells = (await drawn(await sit(shot))).flat();
      expect(cells.filter(({ color }) => color !== null)).toEqual([]);
      if (shot.keys.includes('down')) expect(cells.some(({ inverse }) => inverse)).toBe(true);
    }
  });
});
