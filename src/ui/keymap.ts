// Every key of the full screen, in one table: the help pane, the status line, the README and the conflict test read it. Pure.

import type { DrillPhase } from './drill.ts';
import type { PaneId } from './selection.ts';
import { PANES } from './selection.ts';
import type { ModeName } from './state.ts';

export type KeyAction =
  | `pane-${PaneId}`
  | `choose-${1 | 2 | 3 | 4 | 5 | 6}`
  | 'show-answer'
  | 'next-drill'
  | 'quit'
  | 'suspend'
  | 'help'
  | 'settings'
  | 'next-pane'
  | 'previous-pane'
  | 'zoom'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'open'
  | 'back'
  | 'verdict'
  | 'filter'
  | 'next-finding'
  | 'previous-finding'
  | 'freeze'
  | 'escalate'
  | 'escalate-now'
  | 'mark'
  | 'record'
  | 'save-window'
  | 'reconnect'
  | 'new-token'
  | 'copy'
  | 'privacy'
  | 'acknowledge'
  | 'snooze'
  | 'older-fact'
  | 'newer-fact'
  | 'play'
  | 'back-5'
  | 'forward-5'
  | 'back-tenth'
  | 'forward-tenth'
  | 'previous-marker'
  | 'next-marker'
  | 'fact-back'
  | 'fact-forward'
  | 'slower'
  | 'faster'
  | 'start'
  | 'time'
  | 'idle-skip'
  | 'confirm'
  | 'accept'
  | 'cancel'
  | 'erase'
  | 'erase-word'
  | 'erase-line'
  | 'complete'
  | 'field-up'
  | 'field-down'
  | 'choice-back'
  | 'choice-on'
  | 'clear-field'
  | 'write-packet';

export type KeyGroup = 'look' | 'move' | 'act' | 'finding' | 'frame' | 'replay' | 'drill' | 'typing' | 'leave';

/** Where a key means something; a mode listens to the scopes of its chain. */
export type Scope =
  | 'always'
  | 'window'
  | 'screen'
  | 'list'
  | 'findings'
  | 'finding'
  | 'frame'
  | 'replay'
  | 'choice'
  | 'answer'
  | 'text'
  | 'message'
  | 'dialog';

export interface Binding {
  keys: readonly string[];
  scope: Scope;
  action: KeyAction;
  label: string;
  group: KeyGroup;
  replayOnly?: boolean;
  liveOnly?: boolean;
  /** Only in a drill, at this point of it. */
  drillOnly?: DrillPhase;
  /** Not at these points of a drill. */
  notIn?: readonly DrillPhase[];
  /** One or two words for the status line; absent keys are in the help only. */
  hint?: string;
}

const CHAINS: Record<ModeName, readonly Scope[]> = {
  panes: ['always', 'window', 'screen', 'list', 'findings', 'replay', 'choice'],
  zoom: ['always', 'window', 'screen', 'list', 'findings', 'replay', 'choice'],
  finding: ['always', 'window', 'list', 'findings', 'finding'],
  frame: ['always', 'window', 'list', 'frame'],
  help: ['always', 'window', 'list'],
  settings: ['always', 'window', 'list'],
  answer: ['always', 'window', 'list', 'answer'],
  message: ['always', 'message'],
  escalate: ['always', 'dialog'],
  filter: ['always', 'text'],
  time: ['always', 'text'],
  mark: ['always', 'text'],
};

/** Numbers that answer while a drill asks. */
const CHOICES = [1, 2, 3, 4, 5, 6] as const;
export const CHOICE_KEYS = '1…6';

const paneKeys: Binding[] = PANES.map(({ id, key, title }) => ({
  keys: [key],
  scope: 'screen',
  action: `pane-${id}`,
  label: `focus ${title}`,
  group: 'look',
  ...(CHOICES.some((choice) => String(choice) === key) ? { notIn: ['question'] as const } : {}),
}));

const choiceKeys: Binding[] = CHOICES.map((choice) => ({
  keys: [String(choice)],
  scope: 'choice',
  action: `choose-${choice}`,
  label: 'answer with the code beside it',
  group: 'drill',
  drillOnly: 'question',
  ...(choice === 1 ? { hint: 'answer' } : {}),
}));

type Extra = Pick<Binding, 'hint' | 'replayOnly' | 'liveOnly' | 'drillOnly' | 'notIn'>;

/** One line of the table; keys are separated by spaces. */
function on(keys: string, scope: Scope, action: KeyAction, label: string, group: KeyGroup, extra: Extra = {}): Binding {
  return { keys: keys.split(' '), scope, action, label, group, ...extra };
}

const LIVE = { liveOnly: true } as const;
const REPLAY = { replayOnly: true } as const;
const ANSWERED = { drillOnly: 'answered' } as const;
/** Keys that would tell what a drill hides. */
const OPENLY = { notIn: ['question'] } as const;

/** The table. Order is the order of the help pane and of the status line. */
export const BINDINGS: readonly Binding[] = [
  on('?', 'window', 'help', 'this help', 'look', { hint: 'help' }),
  on('tab', 'screen', 'next-pane', 'next pane', 'look', { hint: 'pane' }),
  on('shift+tab', 'screen', 'previous-pane', 'previous pane', 'look'),
  ...paneKeys,
  on('z', 'screen', 'zoom', 'zoom the pane, and back', 'look'),
  on('v', 'screen', 'verdict', 'the finding behind the verdict', 'look', OPENLY),
  on('down j', 'list', 'down', 'down', 'move'),
  on('up k', 'list', 'up', 'up', 'move'),
  on('pgdn ctrl+d', 'list', 'page-down', 'page down', 'move'),
  on('pgup ctrl+u', 'list', 'page-up', 'page up', 'move'),
  on('g', 'list', 'top', 'first; in the timeline: follow', 'move'),
  on('G end', 'list', 'bottom', 'last', 'move'),
  on('enter', 'screen', 'open', 'open what is chosen', 'move', { hint: 'open' }),
  on('enter', 'finding', 'open', 'the facts behind it', 'finding', { hint: 'the facts' }),
  on('/', 'screen', 'filter', 'filter timeline, findings and requests', 'look', { hint: 'filter' }),
  on('n', 'findings', 'next-finding', 'next finding (replay: jump to it)', 'finding', {
    notIn: ['question', 'answered'],
    hint: 'finding',
  }),
  on('N', 'findings', 'previous-finding', 'previous finding', 'finding', { notIn: ['question', 'answered'] }),
  on('a', 'finding', 'acknowledge', 'acknowledge', 'finding', { hint: 'acknowledge' }),
  on('s', 'finding', 'snooze', 'snooze for 10 min', 'finding', { hint: 'snooze' }),
  on('left h', 'frame', 'older-fact', 'the fact before', 'frame', { hint: 'before' }),
  on('right l', 'frame', 'newer-fact', 'the fact after', 'frame', { hint: 'after' }),
  ...choiceKeys,
  on('enter', 'answer', 'open', 'the finding itself', 'drill', { ...ANSWERED, hint: 'the finding' }),
  on('x', 'screen', 'show-answer', 'the answer again', 'drill', { ...ANSWERED, hint: 'answer' }),
  on('n', 'window', 'next-drill', 'the next drill', 'drill', { ...ANSWERED, hint: 'next drill' }),
  on('space', 'screen', 'freeze', 'freeze the view (capture goes on)', 'look', { ...LIVE, hint: 'freeze' }),
  on('space', 'replay', 'play', 'play, pause', 'replay', { ...REPLAY, hint: 'play' }),
  on('left', 'replay', 'back-5', '5 s back', 'replay', REPLAY),
  on('right', 'replay', 'forward-5', '5 s on', 'replay', { ...REPLAY, hint: '5 s' }),
  on('shift+left', 'replay', 'back-tenth', 'a tenth of the recording back', 'replay', REPLAY),
  on('shift+right', 'replay', 'forward-tenth', 'a tenth of the recording on', 'replay', REPLAY),
  on('[', 'replay', 'previous-marker', 'previous marker', 'replay', REPLAY),
  on(']', 'replay', 'next-marker', 'next marker', 'replay', { ...REPLAY, hint: 'marker' }),
  on(',', 'replay', 'fact-back', 'one fact back', 'replay', REPLAY),
  on('.', 'replay', 'fact-forward', 'one fact on', 'replay', REPLAY),
  on('-', 'replay', 'slower', 'slower', 'replay', REPLAY),
  on('+ =', 'replay', 'faster', 'faster', 'replay', { ...REPLAY, hint: 'faster' }),
  on('home', 'replay', 'start', 'start of the recording', 'replay', REPLAY),
  on(':', 'replay', 'time', 'go to a typed time: 12:41, +30s, 20:14:07', 'replay', { ...REPLAY, hint: 'time' }),
  on('i', 'replay', 'idle-skip', 'skip idle stretches', 'replay', REPLAY),
  on('e', 'findings', 'escalate', 'escalate: fill in the packet, then write it', 'act', {
    ...OPENLY,
    hint: 'escalate',
  }),
  on('E', 'findings', 'escalate-now', 'write the packet at once', 'act', OPENLY),
  on('m', 'screen', 'mark', 'mark this moment with a word', 'act', { ...LIVE, hint: 'mark' }),
  on('r', 'screen', 'record', 'start or stop recording', 'act', { ...LIVE, hint: 'record' }),
  on('w', 'screen', 'save-window', 'write the last 10 minutes to a file', 'act', LIVE),
  on('c', 'screen', 'reconnect', 'reconnect the chosen socket', 'act', LIVE),
  on('t', 'screen', 'new-token', 'send a new token', 'act', LIVE),
  on('y', 'window', 'copy', 'copy what is chosen', 'act'),
  on('p', 'window', 'privacy', 'mask ids and amounts for a screenshot', 'look'),
  on('s', 'screen', 'settings', 'settings and where each came from', 'look'),
  on('enter', 'message', 'confirm', 'yes, or close', 'typing', { hint: 'ok' }),
  on('y', 'message', 'copy', 'copy', 'typing', { hint: 'copy' }),
  on('esc q', 'message', 'back', 'close', 'typing', { hint: 'close' }),
  on('enter', 'text', 'accept', 'keep what is typed', 'typing', { hint: 'keep' }),
  on('esc', 'text', 'cancel', 'as it was', 'typing', { hint: 'as before' }),
  on('backspace delete', 'text', 'erase', 'erase', 'typing'),
  on('ctrl+w', 'text', 'erase-word', 'erase the word', 'typing'),
  on('ctrl+u', 'text', 'erase-line', 'erase all', 'typing'),
  on('tab', 'text', 'complete', 'complete the word', 'typing', { hint: 'complete' }),
  on('down tab', 'dialog', 'field-down', 'next field', 'typing', { hint: 'field' }),
  on('up shift+tab', 'dialog', 'field-up', 'field before', 'typing'),
  on('right', 'dialog', 'choice-on', 'next of what was seen', 'typing', { hint: 'seen' }),
  on('left', 'dialog', 'choice-back', 'the one before', 'typing'),
  on('pgdn', 'dialog', 'page-down', 'on in the preview', 'typing', { hint: 'preview' }),
  on('pgup', 'dialog', 'page-up', 'back in the preview', 'typing'),
  on('backspace delete', 'dialog', 'erase', 'erase', 'typing'),
  on('ctrl+u', 'dialog', 'clear-field', 'the field as it was found', 'typing', { hint: 'as found' }),
  on('ctrl+y', 'dialog', 'copy', 'copy the markdown', 'typing', { hint: 'copy' }),
  on('enter', 'dialog', 'write-packet', 'write the packet', 'typing', { hint: 'write' }),
  on('esc', 'dialog', 'cancel', 'leave without a trace', 'typing', { hint: 'leave' }),
  on('esc', 'window', 'back', 'back; on the panes: clear filter and choice', 'move'),
  on('q', 'window', 'quit', 'quit; verdict and findings stay behind', 'leave', { hint: 'quit' }),
  on('ctrl+c', 'always', 'quit', 'quit', 'leave'),
  on('ctrl+z', 'always', 'suspend', 'suspend to the shell (fg comes back)', 'leave'),
];

/** The bindings that a mode listens to, in table order. */
export function activeBindings(mode: ModeName, replay: boolean, drill: DrillPhase | null = null): Binding[] {
  const chain = CHAINS[mode];
  return BINDINGS.filter(
    (binding) =>
      chain.includes(binding.scope) &&
      !(binding.replayOnly && !replay) &&
      !(binding.liveOnly && replay) &&
      (binding.drillOnly === undefined || binding.drillOnly === drill) &&
      !(drill !== null && binding.notIn?.includes(drill)),
  );
}

/** What the key does in this mode, or null. */
export function actionFor(
  key: string,
  mode: ModeName,
  replay: boolean,
  drill: DrillPhase | null = null,
): KeyAction | null {
  return activeBindings(mode, replay, drill).find((binding) => binding.keys.includes(key))?.action ?? null;
}

const SHOWN: Record<string, string> = {
  tab: 'Tab',
  'shift+tab': 'Shift-Tab',
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  'shift+left': 'Shift-←',
  'shift+right': 'Shift-→',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  delete: 'Del',
  'ctrl+c': 'Ctrl-C',
  'ctrl+z': 'Ctrl-Z',
  'ctrl+d': 'Ctrl-D',
  'ctrl+u': 'Ctrl-U',
  'ctrl+w': 'Ctrl-W',
  'ctrl+y': 'Ctrl-Y',
};

export function shownKey(key: string): string {
  return SHOWN[key] ?? key;
}
