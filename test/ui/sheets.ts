// The golden sheets: recordings, moments, keys, sizes and looks, several screens to a sheet. A new screen to hold is a line here.

import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Size } from '../../src/ui/layout.ts';
import type { Look } from '../../src/ui/theme.ts';

interface Moment {
  recording: string;
  /** Seconds after the first fact. */
  at: number;
}

/** Two sockets and REST in a quiet minute; the same later, throttled, then with a stuck order; a key that is refused. */
const QUIET: Moment = { recording: 'story', at: 8 };
const THROTTLED: Moment = { recording: 'story', at: 43 };
const STUCK: Moment = { recording: 'story', at: 61 };
const CUT: Moment = { recording: 'story', at: 22 };
const REFUSED: Moment = { recording: 'key-rejected', at: 18 };

export interface Shot extends Moment {
  mode: Snapshot['mode'];
  size: Size;
  look: Look;
  /** Names of the key table; what is in quotes is typed. */
  keys: readonly string[];
}

const COLOUR: Look = { ascii: false, color: true };
const NO_COLOUR: Look = { ascii: false, color: false };
const ASCII: Look = { ascii: true, color: false };

function shot(moment: Moment, columns: number, rows: number, keys = '', more: Partial<Shot> = {}): Shot {
  const names = keys.split(' ').filter((key) => key !== '');
  return { ...moment, mode: 'demo', size: { columns, rows }, look: COLOUR, keys: names, ...more };
}

const REPLAY = { mode: 'replay' } as const;

/** Every pane with the screen to itself. At 120×40 the last three are on no rung: their keys open them zoomed. */
const zoomed = (moment: Moment): Shot[] => [
  ...['1 z', '2 z', '3 z', '4 z', '5 z', '6 z', '7 z', '8', '9', '0'].map((keys) => shot(moment, 120, 40, keys)),
];

const RUNGS: readonly [number, number][] = [
  [200, 60],
  [120, 40],
  [80, 24],
  [80, 50],
  [40, 12],
  [30, 8],
];
const rungs = (moment: Moment, more: Partial<Shot> = {}): Shot[] =>
  RUNGS.map(([columns, rows]) => shot(moment, columns, rows, '', more));

/** As text. */
export const SHEETS: Readonly<Record<string, readonly Shot[]>> = {
  'healthy-rungs': rungs(QUIET),
  'throttled-rungs': rungs(THROTTLED),
  'refused-rungs': rungs(REFUSED),
  'replay-rungs': rungs(CUT, REPLAY),
  'healthy-zoomed': zoomed(QUIET),
  'throttled-zoomed': zoomed(THROTTLED),
  'refused-zoomed': zoomed(REFUSED),
  focused: [
    ...['1 down', '3 down', '4 down', '5 down down', '6 down'].map((keys) => shot(THROTTLED, 120, 40, keys)),
    ...['8 down down', '9 down'].map((keys) => shot(STUCK, 200, 60, keys)),
  ],
  'zoomed-80x24': ['1 z', '2 z', '3', '4 z', '5 z', '6', '7 z', '8', '9', '0'].map((keys) => shot(STUCK, 80, 24, keys)),
  replay: [
    shot(CUT, 120, 40, 'n', REPLAY),
    shot(CUT, 120, 40, '] ]', REPLAY),
    shot(CUT, 120, 40, '] 9', REPLAY),
    shot(STUCK, 120, 40, '2 enter', REPLAY),
    shot(STUCK, 80, 24, ': "0:30" enter', REPLAY),
    shot(STUCK, 40, 12, '2 enter', REPLAY),
  ],
  opened: [
    shot(REFUSED, 120, 40, 'v'),
    shot(REFUSED, 120, 40, 'v enter'),
    shot(REFUSED, 80, 24, 'v pgdn'),
    shot(CUT, 120, 40, '6 enter'),
    shot(THROTTLED, 120, 40, '8 down down down down down enter'),
    shot(QUIET, 120, 40, '7 down down enter'),
    shot(REFUSED, 120, 40, 's'),
    shot(REFUSED, 120, 40, 's pgdn'),
    shot(QUIET, 120, 40, '?'),
    shot(QUIET, 120, 40, '? pgdn'),
  ],
  'filtered-and-frozen': [
    shot(THROTTLED, 120, 40, '/ "status:429"'),
    shot(THROTTLED, 120, 40, '/ "status:429" enter 7 down'),
    shot(THROTTLED, 80, 24, '/ "/40[13/"'),
    shot(THROTTLED, 80, 24, 'space'),
    shot(STUCK, 120, 40, 'p 9'),
    shot(REFUSED, 80, 24, 'p'),
  ],
  ascii: [
    ...rungs(REFUSED, { look: ASCII }),
    shot(STUCK, 120, 40, '3 z', { look: ASCII }),
    shot(STUCK, 120, 40, '', { look: ASCII, ...REPLAY }),
  ],
};

/** As text, and under each line what its cells look like. */
export const STYLED_SHEETS: Readonly<Record<string, readonly Shot[]>> = {
  'in-colour': [
    shot(THROTTLED, 120, 40),
    shot(QUIET, 80, 24, 'tab down'),
    shot(REFUSED, 80, 24, '7 down down'),
    shot(REFUSED, 80, 24, 'v'),
    shot(CUT, 80, 24, '', REPLAY),
    shot(REFUSED, 40, 12),
  ],
  'without-colour': [
    shot(THROTTLED, 120, 40, '', { look: NO_COLOUR }),
    shot(QUIET, 80, 24, 'tab down', { look: NO_COLOUR }),
    shot(REFUSED, 80, 24, '7 down down', { look: NO_COLOUR }),
    shot(REFUSED, 40, 12, '', { look: NO_COLOUR }),
  ],
};

/** The pictures of README: `docs/NAME.svg`, and what they show. */
export const PICTURES: Readonly<Record<string, { shows: string; shot: Shot }>> = {
  live: {
    shows: 'The simulated exchange throttles: the verdict, the finding, and the panes that show it',
    shot: shot(THROTTLED, 120, 40),
  },
  finding: {
    shows: 'A finding opened: evidence, the steps of the playbook with their results, the fix, and who settles it',
    shot: shot(REFUSED, 120, 40, 'v'),
  },
  replay: {
    shows: 'A replay that jumped to the next finding: the bar with its markers under the same panes',
    shot: shot(CUT, 120, 40, 'n', REPLAY),
  },
};

export function titleOf({ recording, at, mode, size, keys, look }: Shot): string {
  const pressed = keys.length === 0 ? 'no key' : keys.join(' ');
  const drawn = look.ascii ? 'ASCII' : look.color ? '16 colours' : 'no colour';
  return `${recording} at ${at} s, ${mode}, ${size.columns}×${size.rows}, ${drawn}, ${pressed}`;
}

/** What a screen reader is given. */
export const SPOKEN: readonly Shot[] = [
  shot(QUIET, 120, 40),
  shot(REFUSED, 120, 40),
  shot(REFUSED, 120, 40, 'v'),
  ...['3', '4', '5', '6', '7', '8', '9', '0'].map((keys) => shot(THROTTLED, 120, 40, keys)),
  shot(THROTTLED, 120, 40, '/ "status:429"'),
  shot(REFUSED, 120, 40, 's'),
  shot(QUIET, 120, 40, '?'),
  shot(CUT, 120, 40, 'n', REPLAY),
];
