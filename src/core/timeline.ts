// The timeline as it crosses to a front end: rows for the eyes, the window that was asked for, and what it is a part of.

/** One fact as one line, worked out for the eyes. All text is sanitised. */
export interface TimelineRow {
  seq: number;
  at: number;
  t: number;
  /** `public`, `user`, `REST` or `this`. */
  source: string;
  /** `→ ← ● ✕ · !` : out, in, opened, closed, our own, finding. */
  glyph: string;
  what: string;
  detail: string;
  sizeBytes: number | null;
  tone: 'normal' | 'dim' | 'good' | 'warning' | 'critical';
}

/** A row with its place in the log: 0 is the first fact or change of a finding that was ever listed. */
export interface PlacedRow extends TimelineRow {
  place: number;
  /** Key of the finding whose change this is; absent for a fact. */
  finding?: string;
}

/** Which part of the timeline somebody looks at. */
export interface TimelineQuery {
  /** The row to have in the middle, or the nearest older one; null follows the newest. */
  place: number | null;
  /** Rows wanted. */
  rows: number;
  /** Places from here on are not looked at; null looks at all. */
  upTo: number | null;
  /** In the language of `core/filter.ts`; empty matches all. */
  filter: string;
  /** Changes of findings are listed too. */
  findings: boolean;
}

/** The part of the timeline that was asked for, and what it is a part of. */
export interface TimelineWindow {
  query: TimelineQuery;
  /** Newest first. */
  rows: PlacedRow[];
  /** Rows ever listed: the place after the newest one. */
  total: number;
  /** Rows that are kept and looked at, and how many of them match. */
  kept: number;
  matching: number;
  /** Matching rows newer than the first and older than the last of these. */
  newer: number;
  older: number;
  /** Place of the oldest row that matches; null when none does. */
  oldest: number | null;
  /** Older rows are no longer kept. */
  isCut: boolean;
  /** Kept rows that the filter has not looked at yet. */
  unsearched: number;
}
