// The self pane: this tool's own loop, queue, memory, screens and recorder; if we were late, it says so first. Pure.

import type { Snapshot } from '../../core/snapshot.ts';
import { bytes, counted, grouped, latency, rate } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, flow, type PaneRows, type Room } from './cells.ts';

/** From here on the loop was late enough to be taken for somebody else's lateness. */
const LATE_MS = 500;
const LABEL = 10;
const FIRST = 12;

function row(label: string, first: string, second: Cell): Cell[] {
  return [cell(label.padEnd(LABEL), 'label'), cell(first.padEnd(FIRST)), second];
}

function recorderText({ recording }: Snapshot): string {
  if (recording === null) return 'not recording to a file';
  const { active, file, sizeBytes, note } = recording;
  return `${active ? 'recording' : 'stopped'} ${file} ${bytes(sizeBytes)} ${note}`.trim();
}

/** Who is late when something is. */
function blame(isLate: boolean): Cell {
  if (!isLate) return cell('never late by more than 500 ms: what looks late here is late', 'dim');
  return cell('late ourselves: lateness of that time is marked ours, and nobody else is blamed for it', 'warning');
}

export function selfRows(view: View, room: Room): PaneRows {
  const { self, recording } = view.snapshot;
  const isLate = self.loopLagMaxMs > LATE_MS;
  const worst = cell(`worst ${latency(self.loopLagMaxMs)}`, isLate ? 'warning' : 'plain');
  const dropped = cell(`to fold or record, ${grouped(self.dropped)} dropped`, self.dropped > 0 ? 'critical' : 'plain');
  const pace = cell(`${rate(self.factsPerSecond)} facts/s, ${grouped(self.facts)} in all`);
  const loop = row('event loop', `late ${latency(self.loopLagMs)}`, worst);
  const memory = row('memory', `heap ${bytes(self.heapBytes)}`, cell(`resident ${bytes(self.rssBytes)}`));
  const rest = [
    row('pace', `${rate(self.screensPerSecond)} screens/s`, pace),
    [cell('recorder'.padEnd(LABEL), 'label'), cell(recorderText(view.snapshot), recording?.active ? 'plain' : 'dim')],
  ];
  const queue = row('backlog', counted(self.queue, 'fact'), dropped);
  // Memory is what a low pane can do without; who is late is what a high one adds.
  const all = room.height < 5 ? [loop, queue, ...rest] : [loop, queue, memory, ...rest, [blame(isLate)]];
  const lines = all.slice(0, room.height).map((cells) => ({ cells: flow(room.width, cells, 2) }));
  return { lines, right: isLate ? 'we were late ourselves' : '' };
}
