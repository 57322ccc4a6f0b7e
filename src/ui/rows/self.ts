// The self pane: this tool's own loop, queue, memory, screens and recorder; if we were late, it says so first. Pure.

import type { Role } from '../theme.ts';
import { bytes, counted, grouped, latency, rate } from '../units.ts';
import type { View } from '../view.ts';
import { cell, flow, type PaneRows, type Room } from './cells.ts';

export function selfRows(view: View, room: Room): PaneRows {
  const { self, recording } = view.snapshot;
  const late: Role = self.loopLagMaxMs > 500 ? 'warning' : 'plain';
  const lost: Role = self.dropped > 0 ? 'critical' : 'plain';
  const file =
    recording === null
      ? 'not recording to a file'
      : `${recording.active ? 'recording' : 'stopped'} ${recording.file} ${bytes(recording.sizeBytes)} ${recording.note}`;
  const lines = [
    [
      cell('event loop', 'label'),
      cell(`late ${latency(self.loopLagMs)}`.padEnd(12)),
      cell(`worst ${latency(self.loopLagMaxMs)}`, late),
    ],
    [
      cell('queue     ', 'label'),
      cell(counted(self.queue, 'fact').padEnd(12)),
      cell(`${counted(self.dropped, 'fact')} dropped`, lost),
    ],
    [
      cell('memory    ', 'label'),
      cell(`heap ${bytes(self.heapBytes)}`.padEnd(12)),
      cell(`resident ${bytes(self.rssBytes)}`),
    ],
    [
      cell('pace      ', 'label'),
      cell(`${rate(self.screensPerSecond)} screens/s`.padEnd(12)),
      cell(`${rate(self.factsPerSecond)} facts/s, ${grouped(self.facts)} in all`),
    ],
    [cell('recorder  ', 'label'), cell(file.trim(), recording?.active ? 'plain' : 'dim')],
  ];
  const short = room.height < 5 ? lines.filter((_, index) => index !== 2) : lines;
  const right = self.loopLagMaxMs > 500 ? 'we were late ourselves' : '';
  return { lines: short.slice(0, room.height).map((cells) => ({ cells: flow(room.width, cells, 2) })), right };
}
