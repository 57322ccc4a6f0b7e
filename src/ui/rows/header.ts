// The header line: the program, which world it looks at, products, the time of what is shown, the measured clock, the recording. Pure.

import { scoreText } from '../drill.ts';
import { bytes, clockDuration, clockTime, grouped, offset } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, ends, type Line } from './cells.ts';

function worldCells(view: View, wide: boolean): Cell[] {
  const { glyphs, snapshot } = view;
  const world: Cell[] = [];
  if (snapshot.mode === 'demo') {
    world.push(cell(`${glyphs.open} SIMULATED`, 'warning'), cell(wide ? 'read-only' : '', 'label'));
  } else if (snapshot.mode === 'replay') {
    world.push(cell(`${glyphs.playing} REPLAY`, 'accent'));
    if (snapshot.simulated === true) world.push(cell('SIMULATED', 'warning'));
    world.push(cell(fileName(snapshot.replay?.file ?? ''), 'label'));
  } else {
    world.push(cell(`${glyphs.open} LIVE`, 'good'), cell(wide ? 'read-only' : ' read-only', 'label'));
  }
  return world;
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Which drill this is, and the score so far. */
function drillCell(view: View, columns: number): Cell | null {
  const { drill } = view.state;
  if (drill === null) return null;
  const isTight = columns < 60 || (columns < 100 && view.snapshot.recording?.active === true);
  const score = isTight ? '' : scoreText(drill);
  return cell(`drill ${drill.dealt.number}${score === '' ? '' : ` ${view.glyphs.dot} ${score}`}`, 'accent');
}

/** How far the frozen view is behind what is known by now. */
function frozenCell(view: View): Cell | null {
  if (view.state.frozen === null) return null;
  const behind = Math.max(0, view.newest.t - view.raw.t);
  const facts = Math.max(0, view.newest.self.facts - view.raw.self.facts);
  return cell(`${view.glyphs.paused} FROZEN ${clockDuration(behind)} behind, ${grouped(facts)} facts`, 'warning');
}

function clockCell(view: View, wide: boolean): Cell {
  const { offsetMs } = view.snapshot.clock;
  if (offsetMs === null) return cell(wide ? 'clock not measured' : 'clock ?', 'label');
  const role = Math.abs(offsetMs) >= 1_000 ? 'warning' : 'label';
  return cell(`clock ${offset(offsetMs, view.glyphs.minus)}`, role);
}

function recordingCell(view: View, wide: boolean): Cell {
  const { snapshot, glyphs } = view;
  if (snapshot.mode === 'replay') return cell('');
  const recording = snapshot.recording;
  if (recording?.active) return cell(`${glyphs.recording} ${bytes(recording.sizeBytes).padStart(7)}`, 'critical');
  return cell(wide ? `${glyphs.notRecording} not recording` : '', 'label');
}

/** Product names, as many as a third of the line takes. */
function productsCell(products: readonly string[], columns: number): Cell {
  const room = Math.floor(columns / 3) - 14;
  let text = '';
  for (const [index, product] of products.entries()) {
    const next = text === '' ? product : `${text}  ${product}`;
    if (next.length > room) return cell(`${text}  +${products.length - index} more`.trimStart(), 'label');
    text = next;
  }
  return cell(text, 'label');
}

export function headerLine(view: View, columns: number): Line {
  const { snapshot, state } = view;
  const wide = columns >= 110;
  const frozen = frozenCell(view);
  const privacy = state.privacy ? cell('ids masked', 'accent') : cell('');
  const left = [cell(' cbscope', 'strong'), cell(''), ...worldCells(view, wide)];
  const drill = drillCell(view, columns);
  if (drill !== null) left.push(drill);
  if (frozen !== null) left.push(frozen);
  else if (drill !== null) left.push(cell(''));
  else if (wide && snapshot.mode !== 'replay') left.push(cell(' '), productsCell(snapshot.products, columns));
  left.push(privacy);
  const time = cell(`${clockTime(snapshot.at + view.driftMs)} UTC`, 'strong');
  const right = columns < 60 ? [] : [time, cell(''), clockCell(view, wide), recordingCell(view, wide)];
  return ends(columns - 1, left, right, wide ? 2 : 1);
}
