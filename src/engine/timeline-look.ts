// Somebody's look at the log: the window of rows that was asked for, at a cost that does not grow with the log. A filter is applied in
// portions, the newest rows first, so that no fact has to wait for it. It keeps no time and starts nothing.

import { TIMELINE_ROWS_MAX } from '../core/bounds.ts';
import { type Filter, matchesFilter, parseFilter } from '../core/filter.ts';
import type { PlacedRow, TimelineQuery, TimelineWindow } from '../core/timeline.ts';
import type { FactLog } from './fact-log.ts';
import { recordOf } from './timeline-row.ts';

/** The newest rows, as many as a snapshot holds. */
export const NEWEST: TimelineQuery = { place: null, rows: TIMELINE_ROWS_MAX, upTo: null, filter: '', findings: true };
/** No rows: for whoever reads a snapshot's figures only. */
export const NO_ROWS: TimelineQuery = { ...NEWEST, rows: 0 };

/** One portion of a search, a few milliseconds: rows looked at, and bytes of their facts. */
const SEARCH_ROWS = 400;
const SEARCH_BYTES = 192 * 1024;
/** Between two portions, so that facts come in meanwhile. */
export const SEARCH_EVERY_MS = 10;

const ALL: Filter = { terms: [], cost: 1 };

/** What cannot be read leaves out nothing: it is said where it was typed. */
function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  return parsed.ok ? parsed.filter : ALL;
}

/** Places in ascending order, whether they are all of a stretch or some. */
interface Places {
  readonly length: number;
  at(index: number): number;
}

/** How many of the places are smaller than this one. */
function below(places: Places, place: number): number {
  let from = 0;
  let to = places.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (places.at(middle) < place) from = middle + 1;
    else to = middle;
  }
  return from;
}

export class TimelineLook {
  #query: TimelineQuery = { ...NEWEST, rows: 60 };
  #filter = ALL;
  #log: FactLog | null = null;
  /** Places of the stretch searched so far that match, ascending. */
  #found: number[] = [];
  #searchedFrom = 0;
  #searchedTo = 0;
  /** Rows of the newest window, by place: most of them are wanted again. */
  #rows = new Map<number, PlacedRow>();

  /** What is looked at from now on. */
  ask(query: TimelineQuery): void {
    const { filter, findings } = this.#query;
    if (query.filter !== filter || query.findings !== findings) this.#log = null;
    this.#filter = filterOf(query.filter);
    this.#query = { ...query, rows: Math.max(0, Math.min(TIMELINE_ROWS_MAX, Math.floor(query.rows))) };
  }

  /** The window as the log is now; searches one portion first when there is a filter. */
  at(log: FactLog): TimelineWindow {
    if (log !== this.#log || log.total < this.#searchedTo) this.#forget(log);
    const { place, rows, upTo, findings } = this.#query;
    const end = Math.max(log.first, Math.min(log.total, upTo ?? log.total));
    const isAll = findings && this.#filter.terms.length === 0;
    const places: Places = isAll
      ? { length: log.total - log.first, at: (index) => log.first + index }
      : this.#search(log);
    const matching = below(places, end);
    const middle = place === null ? matching : Math.max(0, below(places, place + 1) - 1) + Math.ceil(rows / 2);
    const newest = Math.min(matching, Math.max(middle, Math.min(rows, matching)));
    const oldest = Math.max(0, newest - rows);
    return {
      query: this.#query,
      rows: this.#rowsOf(log, places, oldest, newest),
      total: log.total,
      kept: end - log.first,
      matching,
      newer: matching - newest,
      older: oldest,
      oldest: matching === 0 ? null : places.at(0),
      isCut: log.first > 0,
      unsearched: isAll ? 0 : log.total - log.first - (this.#searchedTo - this.#searchedFrom),
    };
  }

  #forget(log: FactLog): void {
    this.#log = log;
    this.#found = [];
    this.#rows.clear();
    this.#searchedFrom = log.total;
    this.#searchedTo = log.total;
  }

  #rowsOf(log: FactLog, places: Places, from: number, to: number): PlacedRow[] {
    const rows = new Map<number, PlacedRow>();
    for (let index = to - 1; index >= from; index -= 1) {
      const place = places.at(index);
      const row = this.#rows.get(place) ?? log.tell(place)?.row ?? null;
      if (row !== null) rows.set(place, row);
    }
    this.#rows = rows;
    return [...rows.values()];
  }

  /** One portion: what is new first, then further back. */
  #search(log: FactLog): Places {
    const { first, total } = log;
    this.#searchedTo = Math.max(this.#searchedTo, first);
    this.#searchedFrom = Math.max(this.#searchedFrom, first);
    const gone = this.#found.findIndex((place) => place >= first);
    this.#found = gone < 0 ? [] : this.#found.slice(gone);
    const portion = { rows: SEARCH_ROWS / this.#filter.cost, bytes: SEARCH_BYTES };
    while (this.#searchedTo < total && this.#spend(log, this.#searchedTo, portion)) {
      if (this.#isMatch(log, this.#searchedTo)) this.#found.push(this.#searchedTo);
      this.#searchedTo += 1;
    }
    const older: number[] = [];
    while (this.#searchedFrom > first && this.#spend(log, this.#searchedFrom - 1, portion)) {
      this.#searchedFrom -= 1;
      if (this.#isMatch(log, this.#searchedFrom)) older.push(this.#searchedFrom);
    }
    if (older.length > 0) this.#found = [...older.reverse(), ...this.#found];
    const found = this.#found;
    return { length: found.length, at: (index) => found[index] ?? first };
  }

  #spend(log: FactLog, place: number, portion: { rows: number; bytes: number }): boolean {
    if (portion.rows <= 0 || portion.bytes <= 0) return false;
    portion.rows -= 1;
    portion.bytes -= log.bytesAt(place);
    return true;
  }

  #isMatch(log: FactLog, place: number): boolean {
    const told = log.tell(place);
    if (told === null || (told.row.finding !== undefined && !this.#query.findings)) return false;
    return matchesFilter(this.#filter, recordOf(told));
  }
}

/** The window of a query, everything searched at once: for whoever looks once and has time. */
export function windowOf(log: FactLog, query: TimelineQuery = NEWEST): TimelineWindow {
  const look = new TimelineLook();
  look.ask(query);
  let window = look.at(log);
  while (window.unsearched > 0) window = look.at(log);
  return window;
}
