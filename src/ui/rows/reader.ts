// The screen for a screen reader: what matters, in order, as sentences with roles, without columns, bars or figures that never stand
// still. Pure.

import { safeText } from '../../base/text.ts';
import { choicesOf, phaseOf } from '../drill.ts';
import { keymapRows } from '../key-rows.ts';
import { PANES } from '../selection.ts';
import { activePane, topMode } from '../state.ts';
import { clockDuration, clockTime, counted } from '../units.ts';
import type { View } from '../view.ts';
import { answerLines } from './answer.ts';
import { escalateSentences } from './escalate.ts';
import { findingLines } from './finding-detail.ts';
import { findingText, isOpen, tier } from './findings.ts';
import { paneLines } from './pane-rows.ts';
import { speedText } from './replay-bar.ts';
import { settingsRows } from './settings.ts';
import { spoken, spokenChannels, spokenItems } from './spoken.ts';
import { partyName } from './verdict.ts';

/** A sentence, or a list under its heading. */
export interface ReaderPart {
  role?: 'list' | 'textbox' | 'progressbar';
  text: string;
  items?: string[];
}

/** Wide enough that no sentence is wrapped. */
const WIDE = 2_000;
const LINES_MAX = 100;
const PANE_LINES_MAX = 40;

const list = (text: string, items: string[]): ReaderPart => ({ role: 'list', text, items });
const sentences = (texts: readonly string[]): ReaderPart[] =>
  texts.filter((text) => text.trim() !== '').map((text) => ({ text }));

function connections(view: View): ReaderPart {
  const sockets = (['public', 'user'] as const).map((name) => {
    const connection = view.snapshot.connections[name];
    if (connection.state === 'open') return `${name} socket open. ${spokenChannels(connection.channels)}`;
    return `${name} socket ${connection.state}. ${connection.note || connection.lastClose}`;
  });
  const { rest } = view.snapshot;
  const failed = Object.entries(rest.byStatus).filter(([status]) => !/^[23]/.test(status));
  const counts = failed.map(([status, count]) => `${counted(count, 'answer')} with ${status}`);
  const why = rest.note.replace(`${rest.state}: `, '');
  const note = [why, ...counts].filter((text) => text !== '').join(', ');
  return list(
    'Connections',
    [...sockets, `REST ${rest.state}. ${note}`].map((text) => text.trim()),
  );
}

function findings(view: View): ReaderPart {
  const choices = choicesOf(view.state);
  if (choices !== null)
    return list(
      'Hidden: what do you think it is?',
      choices.map((code, index) => `${index + 1}: ${code}`),
    );
  const open = view.snapshot.findings.filter(isOpen);
  if (open.length === 0) return { text: 'No open findings.' };
  return list(
    counted(open.length, 'open finding'),
    open.map((finding) => `${finding.severity}, ${finding.code}, for ${tier(finding)}: ${findingText(finding)}`),
  );
}

/** The pane that was chosen, unless it is told anyway. */
function pane(view: View): ReaderPart[] {
  const id = activePane(view.state);
  if (id === 'findings' || id === 'connections') return [];
  const title = PANES.find((each) => each.id === id)?.title ?? id;
  const still = view.snapshot.mode !== 'replay' && view.state.frozen === null ? ', Space holds it still' : '';
  return [list(`Pane ${title}${still}`, spokenItems(paneLines(id, view, PANE_LINES_MAX)))];
}

/** Where a replay stands; while it plays only that it does, as the rest never stands still. */
function replay({ snapshot, glyphs }: View): ReaderPart[] {
  if (snapshot.replay === null) return [];
  const { playing, ended, speed, positionMs, lengthMs } = snapshot.replay;
  if (playing && !ended) return [{ text: `Replay playing at ${speedText(speed, glyphs.times)}.` }];
  const where = `${clockDuration(positionMs)} of ${clockDuration(lengthMs)}`;
  return [{ role: 'progressbar', text: `Replay ${ended ? 'ended' : 'paused'} at ${where}` }];
}

/** What is being typed. */
function typing(view: View): ReaderPart[] {
  const top = topMode(view.state);
  const names = { filter: 'filter', time: 'time to go to', mark: 'word for this moment' };
  if (top.mode !== 'filter' && top.mode !== 'time' && top.mode !== 'mark') return [];
  return [{ role: 'textbox', text: `${names[top.mode]}: ${top.text === '' ? 'empty' : top.text}` }];
}

function help(view: View): ReaderPart {
  const isReplay = view.snapshot.mode === 'replay';
  const phase = phaseOf(view.state);
  const hidden = [isReplay ? 'live' : 'replay', ...(phase === null ? ['drill'] : [])];
  const rows = keymapRows(phase).filter(({ when }) => !hidden.includes(when));
  return list(
    'Keys',
    rows.map(({ keys, label }) => `${keys}: ${label}`),
  );
}

function frame(view: View, seq: number): ReaderPart[] | null {
  const held = view.state.detail?.seq === seq ? view.state.detail.detail : null;
  if (held === null) return null;
  const fields = held.fields.map(({ name, value }) => `${name}: ${value}`);
  return [{ text: held.title }, ...sentences([...held.oddities, ...fields, ...held.body.slice(0, LINES_MAX)])];
}

function opened(view: View): ReaderPart[] | null {
  const top = topMode(view.state);
  switch (top.mode) {
    case 'finding': {
      const finding = view.snapshot.findings.find(({ key }) => key === top.key);
      if (finding === undefined) return null;
      return [{ text: `Finding ${finding.code}.` }, ...sentences(findingLines(finding, view, WIDE).map(spoken))];
    }
    case 'answer':
      return view.state.drill === null ? null : sentences(answerLines(view, view.state.drill, WIDE).map(spoken));
    case 'escalate':
      return sentences(escalateSentences(view, top.form));
    case 'settings': {
      const { lines } = settingsRows(view, { width: WIDE, height: LINES_MAX, zoomed: true });
      return [list('Settings', spokenItems(lines))];
    }
    case 'help':
      return [help(view)];
    case 'message':
      return sentences([top.title, ...top.lines]);
    case 'frame':
      return frame(view, top.seq);
    default:
      return null;
  }
}

function lastTrouble({ snapshot }: View): ReaderPart[] {
  const newest = snapshot.timeline.rows.find((row) => row.tone === 'warning' || row.tone === 'critical');
  if (newest === undefined) return [];
  return [{ text: `Last trouble at ${clockTime(newest.at)} UTC: ${newest.source} ${newest.what} ${newest.detail}` }];
}

const safe = (part: ReaderPart): ReaderPart => ({
  ...part,
  text: safeText(part.text),
  ...(part.items === undefined ? {} : { items: part.items.map(safeText) }),
});

/** What is said, in order; it changes only when something did. */
export function readerParts(view: View): ReaderPart[] {
  const { snapshot, state } = view;
  const { verdict } = snapshot;
  const toast = sentences(state.toast !== null && view.now < state.toast.until ? [state.toast.text] : []);
  const inside = opened(view);
  if (inside !== null) return [...inside, { text: 'Escape goes back.' }, ...toast].map(safe);
  const world = { live: 'Live, read-only.', demo: 'Simulated, read-only.', replay: 'Replay.' }[snapshot.mode];
  const frozen = state.frozen === null ? '' : ' Frozen: Space goes on.';
  const sure = phaseOf(state) === 'question' ? '' : `, ${verdict.confidence} confidence`;
  return [
    { text: `cbscope. ${world}${frozen}` },
    ...replay(view),
    { text: `Verdict: ${partyName(verdict.party).toLowerCase()}${sure}. ${verdict.sentence}` },
    findings(view),
    connections(view),
    ...lastTrouble(view),
    ...pane(view),
    ...typing(view),
    ...toast,
    { text: 'Question mark for keys, v for the verdict, a number to read its pane, q to quit.' },
  ].map(safe);
}
