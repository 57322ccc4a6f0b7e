// Cells as a sentence to be heard: signs become words, and what only draws is left out. Pure.

import type { ChannelView } from '../../core/snapshot.ts';
import type { Line, PaneLine } from './cells.ts';

/** Signs that stand alone and mean something. */
const SIGNS: Readonly<Record<string, string>> = {
  '←': 'received',
  '→': 'sent',
  '✕': 'closed',
  '✓': 'passes:',
  '✗': 'fails:',
  '?': 'cannot be told:',
  '!': 'note:',
  '●': '',
  '·': '',
  '–': 'none',
};
/** What says in a sign what the word behind it says too. */
const SIGN_BEFORE_WORD = /^[●◐○✓✗!·+x~-] (?=\w)/;
const ONLY_DRAWN = /^[█▌▁▂▃▄▅▆▇·#=._\s]+$/;
/** A count, a signed figure and its uncertainty as they are said. */
const SAID: readonly [RegExp, string][] = [
  [/×(?=\d)/g, 'times '],
  [/±/g, 'plus or minus'],
  [/−(?=\d)/g, 'minus '],
  [/ · /g, ', '],
  [/\s{2,}/g, ' '],
  [/ ✓(?=\s|$)/g, ' passes'],
  [/ ✗(?=\s|$)/g, ' fails'],
  [/ \?(?=\s|$)/g, ' not tried'],
];

function word(text: string): string {
  const trimmed = text.trim();
  const sign = SIGNS[trimmed];
  if (sign !== undefined) return sign;
  if (ONLY_DRAWN.test(trimmed)) return '';
  return SAID.reduce((said, [mark, as]) => said.replace(mark, as), trimmed.replace(SIGN_BEFORE_WORD, ''));
}

/** `REST public, 0 /s, 10 of 10 left, assumed`; a sign or a label leads what follows it. */
export function spoken(line: Line): string {
  const [first, second] = line;
  const isLed = first?.role === 'label' && second !== undefined && second.role !== 'label';
  const words = line.map(({ text }, index) => (index === 0 && isLed ? `${word(text).replace(/:$/, '')}:` : word(text)));
  return words
    .filter((text) => text !== '')
    .reduce((said, next) => (said === '' ? next : `${said}${/[:?]$/.test(said) ? ' ' : ', '}${next}`), '');
}

/** A sentence for each item: the lines that belong to it, one after the other. */
export function spokenItems(lines: readonly PaneLine[]): string[] {
  const items: { item: number | undefined; said: string[] }[] = [];
  for (const { cells, item } of lines) {
    const said = spoken(cells);
    if (said === '') continue;
    const last = items.at(-1);
    if (item !== undefined && last?.item === item) last.said.push(said);
    else items.push({ item, said: [said] });
  }
  return items.map(({ said }) => said.join('. '));
}

const STATES: Readonly<Record<ChannelView['state'], string>> = {
  refused: 'Refused',
  ignored: 'Ignored',
  stale: 'Stale',
  asked: 'Asked for',
  acknowledged: 'No data yet',
  data: 'Fresh',
};

/** `Refused: user. Fresh: heartbeats, ticker.` Worst first. */
export function spokenChannels(channels: readonly ChannelView[]): string {
  if (channels.length === 0) return 'Nothing is subscribed yet.';
  return Object.entries(STATES)
    .map(([state, name]) => [name, channels.filter((channel) => channel.state === state)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([name, some]) => `${name}: ${some.map(({ channel }) => channel).join(', ')}.`)
    .join(' ');
}
