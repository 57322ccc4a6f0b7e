// What the program writes for each picture of the demo's story, as a pseudo-terminal receives it, beside a picture written whole: the one that
// follows a resize. Pictures that change nothing are not written and not counted. `--seconds=N` is how long the story is watched.

import { setTimeout as wait } from 'node:timers/promises';
import { program, type SIZE } from './support-program.ts';
import { numberFlag, tell } from './support-row.ts';

const SECONDS = numberFlag('seconds', 40);
const SETTLE_MS = 1_500;
const PICTURE = '\u001b[?2026h';
const CLEARS = /\u001b\[[0123]?J/g;

interface Written {
  /** The bytes of each picture. */
  pictures: number[];
  clears: number;
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

async function watched(size: typeof SIZE): Promise<{ changed: Written; whole: number }> {
  const running = program(['demo'], size);
  let text = '';
  running.listen((piece) => {
    text += piece;
  });
  const taken = (): Written => {
    const pictures = text
      .split(PICTURE)
      .slice(1)
      .map((picture) => Buffer.byteLength(PICTURE + picture));
    const written = { pictures, clears: [...text.matchAll(CLEARS)].length };
    text = '';
    return written;
  };
  await running.firstScreen();
  await wait(SETTLE_MS);
  taken();
  await wait(SECONDS * 1_000);
  const changed = taken();
  running.resize({ ...size, rows: size.rows - 1 });
  await wait(SETTLE_MS);
  taken();
  running.resize(size);
  await wait(SETTLE_MS);
  const whole = Math.max(...taken().pictures);
  await running.end();
  return { changed, whole };
}

for (const size of [
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
]) {
  const { changed, whole } = await watched(size);
  const each = sum(changed.pictures) / changed.pictures.length;
  const ratio = each / whole;
  const name = `${size.columns}×${size.rows}`;
  tell({
    what: `bytes of a picture of the demo, ${name}`,
    figure: `${each.toFixed(0)} bytes, mean of ${changed.pictures.length}`,
    reference: `written whole ${whole} bytes`,
    ratio,
    ...(size.columns === 120 ? { budget: '≤ 0.25', ok: ratio <= 0.25 } : {}),
  });
  tell({
    what: `clears after the first picture, ${name}`,
    figure: String(changed.clears),
    budget: 'none',
    ok: changed.clears === 0,
  });
}
process.exit(0);
