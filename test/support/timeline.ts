// Rows as the window that a snapshot carries: all that is kept, each at the place of its number.

import type { TimelineRow, TimelineWindow } from '../../src/core/timeline.ts';

/** `rows` newest first. */
export function timelineOf(rows: readonly TimelineRow[]): TimelineWindow {
  const placed = rows.map((row) => ({ ...row, place: row.seq }));
  return {
    query: { place: null, rows: rows.length, upTo: null, filter: '', findings: true },
    rows: placed,
    total: (placed[0]?.place ?? -1) + 1,
    kept: rows.length,
    matching: rows.length,
    newer: 0,
    older: 0,
    oldest: placed.at(-1)?.place ?? null,
    isCut: rows.length > 0,
    unsearched: 0,
  };
}
