// A HAR capture as the facts of a session: another program's traffic, told as if it had been watched.
// Total: what is no HAR is one sentence, what is broken in one is left out and counted, and no secret gets through.

import { safeStart } from '../base/text.ts';
import { fieldOf, type JsonRecord, listOf, parseJson, recordOf, textField } from '../coinbase/json-value.ts';
import type { Fact } from '../core/fact.ts';
import { type Gleanings, newGleanings } from './gleanings.ts';
import { callHappenings, type Happening, isCall, needsToken } from './har-call.ts';
import type { HarEntry } from './har-entry.ts';
import { isSocket, readEntry } from './har-entry.ts';
import { mended } from './har-mend.ts';
import { selectSockets } from './har-selection.ts';
import { keyFact, startedFact } from './har-session.ts';
import { type HarSocket, readSocket, socketHappenings, wasOpen } from './har-socket.ts';
import { Timeline } from './timeline.ts';

export interface HarReading {
  facts: Fact[];
  /** What was left out and why, one sentence each. */
  notes: string[];
}

const EXPECTED = 'a HAR capture was expected: JSON with `log.entries`, as browsers, HTTP Toolkit and mitmproxy save it';
/** Entries farther than this from the middle one have a broken clock. */
const SPAN_MS_MAX = 4 * 86_400_000;
const NAME_MAX = 60;

interface Parsed {
  log: JsonRecord;
  entries: readonly unknown[];
  /** The file breaks off, or is broken from there on. */
  isCut: boolean;
}

function parsed(bytes: Uint8Array): Parsed | { problem: string } {
  if (bytes.byteLength === 0) return { problem: `the file is empty; ${EXPECTED}` };
  let text: string;
  try {
    text = new TextDecoder('utf-8').decode(bytes);
  } catch {
    return { problem: `${bytes.byteLength} bytes are more than can be read at once; save a shorter capture` };
  }
  const whole = parseJson(text);
  const value = whole === undefined ? mended(text) : whole;
  if (value === undefined)
    return { problem: `the file is not JSON (it begins ${safeStart(text.trim(), 30)}); ${EXPECTED}` };
  const log = recordOf(fieldOf(recordOf(value) ?? {}, 'log'));
  const entries = log === null ? null : listOf(fieldOf(log, 'entries'));
  if (log === null || entries === null) return { problem: `the file is JSON without \`log.entries\`; ${EXPECTED}` };
  return entries.length === 0
    ? { problem: 'the capture holds no entries; capture again while the trouble happens' }
    : { log, entries, isCut: whole === undefined };
}

function toolOf(log: JsonRecord): string {
  const creator = recordOf(fieldOf(log, 'creator')) ?? {};
  const name = safeStart(`${textField(creator, 'name')} ${textField(creator, 'version')}`.trim(), NAME_MAX);
  return name === '' ? 'HAR' : `HAR of ${name}`;
}

interface Sorted {
  calls: HarEntry[];
  sockets: HarSocket[];
  broken: number;
  foreign: number;
  outOfTime: number;
}

function sortEntries(list: readonly unknown[]): Sorted {
  const entries = list.map(readEntry).filter((entry) => entry !== null);
  const sorted: Sorted = { calls: [], sockets: [], broken: list.length - entries.length, foreign: 0, outOfTime: 0 };
  const calls = entries.filter((entry) => !isSocket(entry) && isCall(entry));
  const sockets = entries
    .filter(isSocket)
    .map(readSocket)
    .filter((socket) => socket !== null);
  sorted.foreign = entries.length - calls.length - sockets.length;
  const starts = [...calls, ...sockets].map(({ startMs }) => startMs).sort((a, b) => a - b);
  const middleMs = starts[Math.floor(starts.length / 2)] ?? 0;
  const isInTime = ({ startMs }: { startMs: number }): boolean => Math.abs(startMs - middleMs) <= SPAN_MS_MAX;
  sorted.calls = calls.filter(isInTime);
  sorted.sockets = sockets.filter((socket) => isInTime(socket) && isInTime({ startMs: socket.lastMs }));
  sorted.outOfTime = starts.length - sorted.calls.length - sorted.sockets.length;
  return sorted;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function notesOf(
  counts: Sorted & { leftOut: number; unreadable: number; cut: number; hidesTokens: boolean; isCut: boolean },
): string[] {
  const { broken, foreign, outOfTime, leftOut, unreadable, cut } = counts;
  const said: [boolean, string][] = [
    [counts.isCut, 'the file is damaged or breaks off: what stands before that is read'],
    [broken > 0, `${plural(broken, 'entry', 'entries')} without time, method or URL left out`],
    [foreign > 0, `${plural(foreign, 'entry', 'entries')} not about a Coinbase API left out`],
    [outOfTime > 0, `${plural(outOfTime, 'request')} days away from the rest left out`],
    [
      leftOut > 0,
      `${plural(leftOut, 'socket')} left out that overlapped one of the same kind: one of a kind is followed at a time`,
    ],
    [unreadable > 0, `${plural(unreadable, 'WebSocket message')} without time or data left out`],
    [cut > 0, `${plural(cut, 'large frame')} that the capture had cut: only the envelope is kept`],
    [
      counts.hidesTokens,
      'no Authorization header is in the capture (a sanitised export, or calls without one): tokens of REST calls cannot be judged',
    ],
  ];
  return said.filter(([applies]) => applies).map(([, sentence]) => sentence);
}

/** Attempt numbers: how many in a row since one of the kind was last open. */
function attempts(sockets: readonly HarSocket[]): number[] {
  const tries = { public: 0, user: 0 };
  return sockets.map((socket) => {
    tries[socket.connection] += 1;
    const attempt = tries[socket.connection];
    if (wasOpen(socket)) tries[socket.connection] = 0;
    return attempt;
  });
}

interface Gathered {
  happened: Happening[];
  gleanings: Gleanings;
  /** Frames of which the capture kept only a part. */
  cut: number;
}

function gather(sockets: readonly HarSocket[], calls: readonly HarEntry[], hidesTokens: boolean): Gathered {
  const gleanings = newGleanings();
  const tries = attempts(sockets);
  const gathered: Gathered = { happened: [], gleanings, cut: 0 };
  for (const [index, socket] of sockets.entries()) {
    const hasSuccessor = sockets.slice(index + 1).some(({ connection }) => connection === socket.connection);
    const told = socketHappenings(socket, gleanings, tries[index] ?? 1, hasSuccessor);
    for (const each of told.happened) gathered.happened.push(each);
    gathered.cut += told.cut;
  }
  for (const [index, entry] of calls.entries()) {
    for (const each of callHappenings(entry, index + 1, gleanings, hidesTokens)) gathered.happened.push(each);
  }
  gathered.happened.sort((a, b) => a.atMs - b.atMs);
  return gathered;
}

function factsOf({ happened, gleanings }: Gathered, capture: string, version: string): Fact[] {
  const startMs = happened[0]?.atMs ?? 0;
  const hasUser = happened.some(({ body }) => body.fact === 'socket.connecting' && body.connection === 'user');
  const timeline = new Timeline(startMs);
  timeline.add({ atMs: startMs, body: startedFact(gleanings, capture, version, hasUser) });
  const key = keyFact(gleanings);
  if (key !== null) timeline.add({ atMs: startMs, body: key });
  for (const each of happened) timeline.add(each);
  const endMs = happened.at(-1)?.atMs ?? startMs;
  timeline.add({ atMs: endMs, body: { fact: 'session.ended', reason: 'the capture ends here' } });
  return timeline.facts;
}

function showsTokens({ requestHeaders }: HarEntry): boolean {
  return 'authorization' in requestHeaders || 'cb-access-sign' in requestHeaders;
}

/**
 * Reads a capture. `version` is the program's own, for `session.started`. The facts are redacted, in time order and stamped as a
 * recording's; `problem` is one sentence without the name of the file.
 */
export function readHar(bytes: Uint8Array, version = 'import'): HarReading | { problem: string } {
  const read = parsed(bytes);
  if ('problem' in read) return read;
  const sorted = sortEntries(read.entries);
  const { followed, leftOut } = selectSockets(sorted.sockets);
  const calls = [...sorted.calls].sort((a, b) => a.startMs - b.startMs);
  if (calls.length + followed.length === 0) {
    const count = plural(read.entries.length, 'entry', 'entries');
    return { problem: `of ${count} none is about a Coinbase API: no Advanced Trade call and no socket of its feeds` };
  }
  const hidesTokens = calls.some(needsToken) && !calls.some(showsTokens);
  const gathered = gather(followed, calls, hidesTokens);
  const unreadable = followed.reduce((sum, socket) => sum + socket.unreadable, 0);
  const notes = notesOf({ ...sorted, leftOut, unreadable, cut: gathered.cut, hidesTokens, isCut: read.isCut });
  return { facts: factsOf(gathered, toolOf(read.log), version), notes };
}
