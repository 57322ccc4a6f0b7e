// `cbscope report`: a recording through the same fold and rules as the live run, printed as a text for a ticket or as one JSON object.
// It streams: what it holds does not grow with the file.

import { safeStart } from '../base/text.ts';
import { exitCodeOf } from '../cli/exit-code.ts';
import { isBefore, type Moment, readMoment } from '../cli/moments.ts';
import type { ReportFlags } from '../cli/program.ts';
import type { Fact } from '../core/fact.ts';
import { type Filter, matchesFilter, parseFilter } from '../core/filter.ts';
import { recordOfFinding } from '../core/filter-record.ts';
import { Engine } from '../engine/engine.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { CATALOGUE } from '../playbook/catalogue.ts';
import { beginningOf } from '../recording/reader.ts';
import { iso, summary } from '../report/line.ts';
import { clock, summaryText } from '../report/sentence.ts';
import { keepHeapLean } from './lean-heap.ts';
import { Marks } from './marks.ts';
import { complain, say, sayJson } from './output.ts';
import { openOnce } from './pipe.ts';
import { readThrough } from './reading-progress.ts';
import { sawNothing } from './saw-nothing.ts';

/** The part of a recording that is asked about, and the finding. */
export interface Question {
  since: Moment | null;
  until: Moment | null;
  /** Code or key; null is all of them. */
  finding: string | null;
  /** What the findings that are told have to match; null is all of them. */
  filter: Filter | null;
}

export interface Answer {
  engine: Engine;
  findings: FindingHistory[];
  /** Findings that the filter left out. */
  hidden: number;
  notes: string[];
  /** What the user marked in the part. */
  marks: Marks;
  /** Wall clock of the first and the last fact of the part, epoch ms; null when it holds none. */
  part: { fromAt: number; toAt: number } | null;
}

/** Two times that can be compared before the recording is read, the wrong way round. */
function orderProblem(flags: ReportFlags, since: Moment | null, until: Moment | null): string | null {
  const isLater =
    (since?.kind === 'instant' && until?.kind === 'instant' && since.at >= until.at) ||
    (since?.kind === 'offset' && until?.kind === 'offset' && since.ms >= until.ms);
  if (!isLater) return null;
  return `--until ${JSON.stringify(flags.until)} is not after --since ${JSON.stringify(flags.since)}; expected a later time`;
}

/** What the flags ask, or everything that is wrong with them. */
export function questionOf(flags: ReportFlags): Question | { problems: string[] } {
  const since = flags.since === undefined ? { value: null } : readMoment('--since', flags.since);
  const until = flags.until === undefined ? { value: null } : readMoment('--until', flags.until);
  const finding = flags.finding ?? null;
  const problems = [since, until].flatMap((read) => ('problem' in read ? [read.problem] : []));
  const code = finding?.split(' ')[0] ?? '';
  if (finding !== null && !Object.hasOwn(CATALOGUE, code))
    problems.push(
      `--finding ${JSON.stringify(finding)} is not a finding; expected a code such as WS_DROPPED, or a key`,
    );
  const order = 'problem' in since || 'problem' in until ? null : orderProblem(flags, since.value, until.value);
  if (order !== null) problems.push(order);
  const parsed = parseFilter(flags.filter ?? '');
  if (!parsed.ok) problems.push(`--filter ${JSON.stringify(safeStart(flags.filter ?? '', 80))}: ${parsed.problem}`);
  if (problems.length > 0 || 'problem' in since || 'problem' in until || !parsed.ok) return { problems };
  return {
    since: since.value,
    until: until.value,
    finding,
    filter: parsed.filter.terms.length === 0 ? null : parsed.filter,
  };
}

/** Folds from the beginning, as only that tells what stood, and listens to what the asked part has to say. */
export async function answer(file: string, question: Question): Promise<Answer | { problem: string }> {
  const recording = await openOnce(file);
  if ('problem' in recording) return recording;
  const { since, until } = question;
  const told = new Set<string>();
  let first: Fact | null = null;
  let hasBegun = false;
  let fromAt: number | null = null;
  let toAt = 0;
  const marks = new Marks();
  const engine = new Engine({
    onChanges: (changes) => {
      if (fromAt !== null) for (const { finding } of changes) told.add(finding.key);
    },
  });
  reading: for await (const batch of readThrough(recording, 'passing')) {
    for (const fact of batch) {
      first ??= beginningOf(batch);
      hasBegun ||= fact === first;
      if (!hasBegun || first === null) {
        engine.replay(fact);
        continue;
      }
      if (until !== null && !isBefore(until, fact, first)) break reading;
      if (fromAt === null && (since === null || !isBefore(since, fact, first))) fromAt = fact.at;
      toAt = fact.at;
      if (fromAt !== null) marks.note(fact);
      engine.replay(fact);
    }
  }
  if (first === null) sawNothing(engine, recording.header.at);
  if (fromAt !== null) for (const key of engine.book.open.keys()) told.add(key);
  const isAsked = ({ finding: { key, code } }: FindingHistory): boolean =>
    question.finding === null || question.finding === key || question.finding === code;
  const asked = [...engine.book.history.values()].filter((entry) => told.has(entry.finding.key) && isAsked(entry));
  const findings = asked.filter((entry) => isMatching(entry, question.filter));
  const part = fromAt === null ? null : { fromAt, toAt };
  return { engine, findings, hidden: asked.length - findings.length, notes: [...recording.notes], marks, part };
}

function isMatching({ finding }: FindingHistory, filter: Filter | null): boolean {
  return filter === null || matchesFilter(filter, recordOfFinding(finding));
}

/** What the filter left out, so that a short list is not taken for the whole. */
function filterText(filter: string, { findings, hidden }: Answer): string[] {
  if (filter.trim() === '') return [];
  const shown = safeStart(filter, 80);
  if (findings.length === 0 && hidden > 0)
    return ['', `No finding matches the filter "${shown}"; without it there are ${hidden}.`];
  return ['', `Findings that match the filter "${shown}"; it leaves out ${hidden}.`];
}

/** What of the session is told, where that is not all of it. */
export function partText(question: Question, { part, engine }: Pick<Answer, 'part' | 'engine'>): string[] {
  if (question.since === null && question.until === null) {
    if (part === null || part.fromAt <= engine.model.startedAt) return [];
    return [
      '',
      `The file begins in the middle of a session: it holds ${clock(part.fromAt)} to ${clock(part.toAt)} UTC.`,
    ];
  }
  if (part === null) return ['', 'The recording holds nothing of the time asked about.'];
  return ['', `Findings from ${clock(part.fromAt)} to ${clock(part.toAt)} UTC; counts are those since the beginning.`];
}

export async function report(file: string, flags: ReportFlags): Promise<number> {
  const question = questionOf(flags);
  if ('problems' in question) {
    for (const problem of question.problems) complain(problem);
    return 2;
  }
  keepHeapLean();
  const answered = await answer(file, question);
  if ('problem' in answered) {
    complain(answered.problem);
    return 2;
  }
  const { engine, findings, notes, marks, part } = answered;
  for (const note of notes) complain(note);
  if (flags.json === true) {
    const asked = part === null ? {} : { part: { from: iso(part.fromAt), to: iso(part.toAt) } };
    const filtered = flags.filter === undefined ? {} : { filter: { text: flags.filter, hidden: answered.hidden } };
    sayJson({
      type: 'summary',
      ...summary(engine.model, engine.verdict, findings, true),
      marks: marks.json(),
      ...asked,
      ...filtered,
    });
  } else {
    const about = [...partText(question, answered), ...filterText(flags.filter ?? '', answered)];
    const told = summaryText(engine.model, engine.verdict, findings);
    for (const line of [...about, ...told, ...marks.text()]) say(line);
  }
  return exitCodeOf(findings.map((entry) => entry.severity));
}
