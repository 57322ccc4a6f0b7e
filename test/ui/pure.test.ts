// The pure parts of the screen: keys, layout, reducer, requests, units, privacy, copying, pacing.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { askedBy } from '../../src/ui/asking.ts';
import { COPY_BYTES_MAX, osc52 } from '../../src/ui/clipboard.ts';
import { completion, matchingEndpoints, matchingFindings } from '../../src/ui/filter.ts';
import { pastedText } from '../../src/ui/key-names.ts';
import { keymapRows } from '../../src/ui/key-rows.ts';
import { actionFor, activeBindings, BINDINGS, type KeyAction } from '../../src/ui/keymap.ts';
import { layout, panesOnRung, type Rect, rungOf } from '../../src/ui/layout.ts';
import { fingerprint, makePacer } from '../../src/ui/pacer.ts';
import { masked, maskedText } from '../../src/ui/privacy.ts';
import { reduce, startState } from '../../src/ui/reduce.ts';
import { ends, fitColumns, flow, type Line, tableLine, wrapText } from '../../src/ui/rows/cells.ts';
import { farewellText } from '../../src/ui/rows/farewell.ts';
import { type ModeName, topMode, type UiState } from '../../src/ui/state.ts';
import { positionOf } from '../../src/ui/typed-position.ts';
import { bytes, clockDuration, countdown, grouped, latency, offset, shortDuration } from '../../src/ui/units.ts';
import { broken } from './fixtures/broken.ts';
import { AT, healthy, T } from './fixtures/healthy.ts';
import { hostile, justStarted, replay } from './fixtures/others.ts';

const EVERY_MODE: Record<ModeName, true> = {
  panes: true,
  zoom: true,
  finding: true,
  frame: true,
  help: true,
  settings: true,
  answer: true,
  escalate: true,
  filter: true,
  time: true,
  mark: true,
  message: true,
};
const MODES = Object.keys(EVERY_MODE) as ModeName[];
const PHASES = [null, 'question', 'answered'] as const;
const start = (): UiState => ({ ...startState({ ascii: false, color: true }), receivedAt: AT });
const key = (
  state: UiState,
  action: KeyAction,
  snapshot: Snapshot = broken,
  size = { columns: 120, rows: 40 },
): UiState =>
  reduce(state, { type: 'key', action, panes: panesOnRung(size), rows: 5, scrollMax: 1_000, now: AT }, snapshot);

describe('the key table', () => {
  it.each(MODES)('has no key twice in %s, live, in a replay or in a drill', (mode) => {
    for (const isReplay of [true, false]) {
      for (const phase of PHASES) {
        const keys = activeBindings(mode, isReplay, phase).flatMap((binding) => binding.keys);
        expect(keys.filter((name, index) => keys.indexOf(name) !== index)).toEqual([]);
      }
    }
  });

  it('can always quit or go back, in every mode', () => {
    for (const mode of MODES) expect(actionFor('ctrl+c', mode, false)).toBe('quit');
    for (const mode of MODES) expect(['back', 'cancel']).toContain(actionFor('esc', mode, false));
  });

  it('lists every binding but those of dialogs and the repeated numbers for the help', () => {
    const shown = BINDINGS.filter(
      (binding) =>
        binding.scope !== 'message' && binding.scope !== 'dialog' && !/^(?:pane|choose)-/.test(binding.action),
    );
    expect(keymapRows()).toHaveLength(shown.length + 2);
  });
});

describe('layout', () => {
  const inside = (rect: Rect, columns: number, rows: number): boolean =>
    rect.x >= 0 &&
    rect.y >= 0 &&
    rect.width >= 0 &&
    rect.height >= 0 &&
    rect.x + rect.width <= columns &&
    rect.y + rect.height <= rows;
  const apart = (a: Rect, b: Rect): boolean =>
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

  it('keeps every rectangle inside the screen and off the others, at any size', () => {
    const sizes = fc.record({ columns: fc.integer({ min: 1, max: 300 }), rows: fc.integer({ min: 1, max: 100 }) });
    const snapshots = fc.constantFrom(healthy, broken, replay, justStarted, hostile);
    const actions = fc.constantFrom<KeyAction[]>([], ['zoom'], ['help'], ['verdict'], ['escalate'], ['pane-self']);
    fc.assert(
      fc.property(sizes, snapshots, actions, (size, snapshot, pressed) => {
        const state = pressed.reduce((now, action) => key(now, action, snapshot, size), start());
        const plan = layout(size, snapshot, state);
        const whole = [
          plan.header,
          plan.verdict,
          plan.replayBar,
          plan.status,
          plan.overlay,
          ...plan.panes.map(({ rect }) => rect),
        ];
        const rects = whole.filter((rect) => rect !== null);
        for (const rect of rects) expect(inside(rect, size.columns, size.rows)).toBe(true);
        for (const [index, rect] of rects.entries())
          for (const other of rects.slice(index + 1)) expect(apart(rect, other)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('takes the rung below for sizes between rungs', () => {
    expect(rungOf({ columns: 199, rows: 60 })).toBe('default');
    expect(rungOf({ columns: 120, rows: 39 })).toBe('essential');
    expect(rungOf({ columns: 79, rows: 24 })).toBe('small');
    expect(rungOf({ columns: 39, rows: 12 })).toBe('too-small');
  });

  it('fills the body on every rung', () => {
    for (const [columns, rows] of [
      [200, 60],
      [231, 77],
      [120, 40],
      [150, 55],
      [80, 24],
      [100, 38],
      [80, 50],
      [110, 70],
      [40, 12],
    ] as const) {
      const { panes, verdict } = layout({ columns, rows }, healthy, start());
      const covered = panes.reduce((sum, { rect }) => sum + rect.width * rect.height, 0);
      const body = columns * (rows - 2 - (verdict?.height ?? 0));
      expect(covered / body).toBeGreaterThan(0.97);
      expect(Math.max(...panes.map(({ rect }) => rect.y + rect.height))).toBe(rows - 1);
    }
  });
});

describe('the reducer', () => {
  it('walks the findings, opens one and comes back', () => {
    const second = key(key(start(), 'next-finding'), 'next-finding');
    expect(second.selected.findings).toBe('SEQUENCE_GAP public');
    const opened = key(second, 'open');
    expect(topMode(opened)).toEqual({ mode: 'finding', key: 'SEQUENCE_GAP public' });
    expect(topMode(key(key(opened, 'open'), 'back'))).toEqual(topMode(opened));
    expect(topMode(key(opened, 'back')).mode).toBe('panes');
  });

  it('opens a pane that is not on the rung zoomed', () => {
    expect(topMode(key(start(), 'pane-requests'))).toEqual({ mode: 'zoom', pane: 'requests' });
    expect(key(start(), 'pane-tokens').focus).toBe('tokens');
  });

  it('stops following when something is chosen, and follows again with g', () => {
    const moved = key({ ...start(), focus: 'timeline' }, 'down');
    expect(moved.selected.timeline).toBe('18997');
    expect(key(moved, 'top').selected.timeline).toBeUndefined();
    expect(key(moved, 'bottom').selected.timeline).toBe('18980');
  });

  it('keeps a filter with Enter and drops it with Esc', () => {
    const typed = reduce(key(start(), 'filter'), { type: 'typed', text: 'user' }, broken);
    expect(key(typed, 'accept').filter).toBe('user');
    expect(key(typed, 'cancel').filter).toBe('');
    expect(key(key(typed, 'accept'), 'back').filter).toBe('');
    expect(key(typed, 'erase').filter).toBe('use');
  });

  it('erases a word or all of what is typed', () => {
    const typed = reduce(key(start(), 'filter'), { type: 'typed', text: 'user code:1006 ' }, broken);
    expect(key(typed, 'erase-word').filter).toBe('user');
    expect(key(typed, 'erase-line').filter).toBe('');
  });

  it('scrolls no further than there is, and back at once', () => {
    const press = (state: UiState, action: KeyAction): UiState =>
      reduce(state, { type: 'key', action, panes: [], rows: 5, scrollMax: 12, now: AT }, broken);
    const atEnd = press(press(start(), 'help'), 'bottom');
    expect(atEnd.scroll).toBe(12);
    expect(press(press(atEnd, 'page-down'), 'up').scroll).toBe(11);
    // A larger window has less to scroll.
    expect(press({ ...atEnd, scroll: 40 }, 'up').scroll).toBe(11);
    expect(press(atEnd, 'top').scroll).toBe(0);
  });

  it('comes back to where it was read', () => {
    const read = key(key(key(start(), 'verdict'), 'down'), 'down');
    expect(read.scroll).toBe(2);
    const beneath = key(key(read, 'open'), 'page-down');
    expect(key(key(beneath, 'newer-fact'), 'back').scroll).toBe(2);
  });

  it('shows the next finding when another pane is zoomed', () => {
    const zoomed = key(key(start(), 'pane-timeline'), 'zoom');
    expect(topMode(key(zoomed, 'next-finding'))).toEqual({ mode: 'zoom', pane: 'findings' });
  });

  it('takes only the fact that is still open', () => {
    const opened = key(key(start(), 'verdict'), 'open');
    expect(reduce(opened, { type: 'detail', seq: 5, detail: null }, broken).detail).toBeNull();
    expect(reduce(opened, { type: 'detail', seq: 18_990, detail: null }, broken).detail).toEqual({
      seq: 18_990,
      detail: null,
    });
    expect(topMode(key(opened, 'older-fact'))).toMatchObject({ seq: 18_985 });
  });

  it('goes back exactly one with Esc, from wherever keys have led', () => {
    const actions = [...new Set(BINDINGS.map((binding) => binding.action))];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 30 }), (pressed) => {
        let state = pressed.reduce((now, action) => key(now, action), start());
        for (let depth = state.modes.length - 1; depth >= 1; depth -= 1) {
          const esc = actionFor('esc', topMode(state).mode, false);
          const before = state.modes.slice(0, -1).map(({ mode }) => mode);
          state = key(state, esc ?? 'back');
          expect(state.modes.map(({ mode }) => mode)).toEqual(before);
        }
        // On the panes: first the filter, then the choice.
        const cleared = key({ ...state, filter: 'user' }, 'back');
        expect(cleared.filter).toBe('');
        expect(cleared.selected).toEqual(state.selected);
        expect(key(cleared, 'back').selected[cleared.focus]).toBeUndefined();
      }),
    );
  });

  it('never throws and never grows, whatever is pressed', () => {
    const actions = [...new Set(BINDINGS.map((binding) => binding.action))];
    const events = fc.array(
      fc.oneof(
        fc.constantFrom(...actions),
        fc.string({ maxLength: 3 }).map((text) => ({ text })),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(events, fc.constantFrom(healthy, broken, replay, justStarted), (pressed, snapshot) => {
        let state = start();
        for (const one of pressed) {
          state =
            typeof one === 'string'
              ? key(state, one, snapshot)
              : reduce(state, { type: 'typed', text: one.text }, snapshot);
          if (typeof one === 'string') askedBy(one, state, snapshot);
        }
        expect(state.modes.length).toBeLessThanOrEqual(12);
        expect(state.modes[0]).toEqual({ mode: 'panes' });
      }),
      { numRuns: 150 },
    );
  });
});

describe('what keys ask of the engine', () => {
  it.each([
    ['12:41', 761_000],
    ['+30s', T + 30_000],
    ['-2m', T - 120_000],
    ['20:14:07', T],
    ['1:02:03', 3_723_000],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['20:14:07.250', T + 250],
    [new Date(AT).toISOString(), T],
    [new Date(AT + 500).toISOString().replace('T', ' ').replace('Z', ''), T + 500],
    [`${new Date(AT + 7_200_000).toISOString().slice(0, 19)}+02:00`, T],
    ['90', null],
    ['2026-13-01T00:00:00Z', null],
    ['soon', null],
    ['', null],
  ])('a typed time %j is %s', (text, expected) => {
    if (replay.replay === null) throw new Error('the fixture is a replay');
    expect(positionOf(text, replay.replay)).toBe(expected);
  });

  it.each([
    ['20:14:07', 0, 'the second in which it begins'],
    ['20:14:05', -2_500, 'just before: nearer than the end'],
    ['20:14:40', 32_500, 'just behind'],
    ['0:05', 5_000, 'counted from where the file begins'],
    ['00:00:09', 9_000, 'counted with hours'],
    [new Date(AT + 4_000).toISOString(), 3_500, 'an instant'],
  ])('of a file that begins in the middle of a session, %j is %s: %s', (text, expected) => {
    if (replay.replay === null) throw new Error('the fixture is a replay');
    expect(positionOf(text, { ...replay.replay, positionMs: 0, startAt: AT + 500, lengthMs: 20_000 })).toBe(expected);
  });

  it('does not guess between two sockets', () => {
    expect(askedBy('reconnect', start(), healthy)).toMatchObject({ ask: 'nothing' });
    expect(
      askedBy('reconnect', { ...start(), focus: 'connections', selected: { connections: 'public' } }, healthy),
    ).toMatchObject({ act: { connection: 'public' } });
  });

  it('has a top and a bottom speed', () => {
    if (replay.replay === null) throw new Error('the fixture is a replay');
    const at = (speed: number): Snapshot => ({
      ...replay,
      replay: replay.replay === null ? null : { ...replay.replay, speed },
    });
    expect(askedBy('faster', start(), at(64))).toMatchObject({ act: { speed: Number.POSITIVE_INFINITY } });
    expect(askedBy('slower', start(), at(0.25))).toMatchObject({ act: { speed: 0.25 } });
  });
});

describe('a paste', () => {
  it('is one line for a line, whatever it is made of', () => {
    expect(pastedText('\r\n BTC-USD\r\nuser\u001b[31m\u0007 x\u0085y\n', false)).toBe('BTC-USD user [31m x y');
    expect(pastedText(`${' '.repeat(5)}${'x'.repeat(2_000_000)}`, false).length).toBeLessThan(200_000);
  });

  it('keeps its lines for a text of lines, and nothing that moves a cursor', () =>
    expect(pastedText('{\r\n\t"a": "\u001b[2J"\r}', true)).toBe('{\n\t"a": " [2J"\n}'));
});

describe('units', () => {
  it.each([
    [clockDuration(761_000), '12:41'],
    [clockDuration(10_691_000), '2:58:11'],
    [shortDuration(14_240), '14.2 s'],
    [shortDuration(59_960), '0:59'],
    [countdown(4_100), '5 s'],
    [countdown(86_200), '1:27'],
    [latency(31.2), '31 ms'],
    [latency(1_900), '1.9 s'],
    [latency(null), '–'],
    [offset(41), '+0.04 s'],
    [offset(-3_200), '−3.20 s'],
    [grouped(2_340_112), '2 340 112'],
    [bytes(13), '13 B'],
    [bytes(186_200), '186 kB'],
    [bytes(999_960), '1.0 MB'],
    [bytes(12_400_000), '12.4 MB'],
  ])('%s is %s', (shown, expected) => expect(shown).toBe(expected));
});

describe('cells', () => {
  const widthOf = (line: Line): number => Math.max(0, ...line.map((part) => part.x + part.width));
  it('never run over the width, whatever the text', () => {
    const cells = fc.array(
      fc.record({ text: fc.string({ unit: 'binary', maxLength: 20 }), role: fc.constant('plain' as const) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 60 }), (some, width) => {
        expect(widthOf(flow(width, some))).toBeLessThanOrEqual(width);
        expect(widthOf(ends(width, some, some.slice(0, 2)))).toBeLessThanOrEqual(Math.max(width, 0));
        const columns = some.map((_, index) => ({ width: index % 3 === 0 ? ('*' as const) : 7, drop: index }));
        expect(widthOf(tableLine(fitColumns(width, columns), some))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('wraps at spaces and through long words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        for (const line of wrapText(text, width)) expect(cellWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('privacy', () => {
  it('leaves no id and no amount, and stays the same for the same id', () => {
    const shown = JSON.stringify({ ...masked(healthy), settings: [] });
    expect(shown).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(shown).not.toContain('2b1f');
    expect(shown).not.toContain('12345.67');
    expect(maskedText('11111111-2222-4333-8444-555555555555')).toBe(maskedText('11111111-2222-4333-8444-555555555555'));
  });

  it('keeps what keys find things by', () => {
    expect(masked(broken).findings.map(({ key: found }) => found)).toEqual(
      broken.findings.map(({ key: found }) => found),
    );
  });
});

describe('copying', () => {
  it('refuses what a terminal does not take, and says so', () => {
    expect(osc52('x'.repeat(COPY_BYTES_MAX), 'it', false).ok).toBe(true);
    expect(osc52('x'.repeat(COPY_BYTES_MAX + 1), 'it', false)).toMatchObject({ ok: false, sequence: '' });
  });

  it('wraps for tmux with every escape doubled', () => {
    const { sequence } = osc52('hi', 'it', true);
    expect(sequence).toBe('\u001b]52;c;aGk=\u0007\u001bPtmux;\u001b\u001b]52;c;aGk=\u0007\u001b\\');
  });
});

describe('the filter', () => {
  it.each([
    ['AUTH_', 'AUTH_REJECTED'],
    ['user code:auth_', 'user code:AUTH_REJECTED'],
    ['-chan', '-channel:'],
    ['channel:tick', 'channel:ticker'],
    ['closed  -status:40', 'closed  -status:401'],
    ['product:', 'product:'],
    ['product:b', 'product:BTC-USD'],
    ['con', 'connection:'],
    ['zzz', 'zzz'],
    ['', ''],
    ['user ', 'user '],
    ['/a', '/a'],
  ])('completes %j to %j by what was seen', (typed, completed) => {
    expect(completion(typed, broken).text).toBe(completed);
  });

  it('leaves the lists as they were while it is wrong, and is not kept so', () => {
    const type = (state: UiState, text: string): UiState => reduce(state, { type: 'typed', text }, broken);
    const good = type(key(start(), 'filter'), 'code:AUTH ');
    expect(type(good, 'channel:')).toMatchObject({ filter: 'code:AUTH' });
    const wrong = type(good, '/10');
    expect(good.filter).toBe('code:AUTH');
    expect(wrong.filter).toBe('code:AUTH');
    expect(topMode(wrong)).toMatchObject({ mode: 'filter', text: 'code:AUTH /10' });
    expect(key(wrong, 'accept')).toBe(wrong);
    expect(key(wrong, 'cancel')).toMatchObject({ filter: '', modes: [{ mode: 'panes' }] });
    expect(topMode(key(type(wrong, '0/'), 'accept'))).toEqual({ mode: 'panes' });
    expect(type(wrong, '0/').filter).toBe('code:AUTH /100/');
  });

  it('applies to findings and requests too', () => {
    const codes = (filter: string): string[] => matchingFindings(filter, broken.findings).map(({ code }) => code);
    expect(codes('code:auth')).toEqual(['AUTH_REJECTED']);
    expect(codes('connection:public')).toEqual(['SEQUENCE_GAP', 'WS_GOING_AWAY']);
    expect(codes('status:open -code:AUTH')).not.toContain('AUTH_REJECTED');
    expect(matchingEndpoints('status:401', broken.endpoints).map(({ endpoint }) => endpoint)).toEqual([
      'GET /key_permissions',
    ]);
  });
});

describe('the farewell', () => {
  it('fits the normal screen', () => {
    const many = {
      ...broken,
      findings: Array.from({ length: 50 }, (_, index) => ({ ...broken.findings[0], key: String(index) })),
    } as Snapshot;
    const lines = farewellText(many, { columns: 80, rows: 24 }).split('\n');
    expect(lines).toHaveLength(18);
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(80);
    expect(farewellText(broken, { columns: 80, rows: 3 }).split('\n')).toHaveLength(1);
  });
});

describe('the pacer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('draws data four times a second, countdowns once, keys at once', () => {
    const drawn: number[] = [];
    const pacer = makePacer({ fps: 4, now: () => Date.now(), draw: () => void drawn.push(Date.now()) });
    const from = Date.now();
    for (let ms = 0; ms < 2_000; ms += 10) {
      pacer.changed();
      vi.advanceTimersByTime(10);
    }
    expect(drawn.length).toBeGreaterThanOrEqual(7);
    expect(drawn.length).toBeLessThanOrEqual(9);
    drawn.length = 0;
    for (let ms = 0; ms < 3_000; ms += 10) {
      pacer.moved();
      vi.advanceTimersByTime(10);
    }
    expect(drawn.length).toBeLessThanOrEqual(4);
    drawn.length = 0;
    pacer.atOnce();
    expect(drawn).toHaveLength(1);
    pacer.stop();
    pacer.changed();
    vi.advanceTimersByTime(5_000);
    expect(drawn).toHaveLength(1);
    expect(from).toBeGreaterThan(0);
  });

  it('takes ages and countdowns for nothing new', () => {
    const older = { ...healthy, at: healthy.at + 400, t: healthy.t + 400 };
    expect(fingerprint(older)).toBe(fingerprint(healthy));
    expect(fingerprint(broken)).not.toBe(fingerprint(healthy));
  });
});
