// The drill on the screen: what is hidden, how an answer is taken, what it reveals.

import { afterEach, describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { choicesOf, type DrillCase, phaseOf, scoreText, veiled, visible, visibleDetail } from '../../src/ui/drill.ts';
import { keymapRows } from '../../src/ui/key-rows.ts';
import { actionFor, activeBindings, type KeyAction } from '../../src/ui/keymap.ts';
import { panesOnRung } from '../../src/ui/layout.ts';
import { reduce, startState } from '../../src/ui/reduce.ts';
import { runScreen, type ScreenEnd } from '../../src/ui/run.tsx';
import { type ModeName, topMode, type UiState } from '../../src/ui/state.ts';
import { type FakeTerminal, openFakeTerminal } from '../support/terminal.ts';
import { timelineOf } from '../support/timeline.ts';
import { broken } from './fixtures/broken.ts';
import { dealt } from './fixtures/dealt.ts';
import { type FakeControls, fakeControls } from './fixtures/fake-controls.ts';
import { AT } from './fixtures/healthy.ts';
import { detail } from './fixtures/others.ts';

const start = (over: Partial<DrillCase> = {}): UiState =>
  startState({ ascii: false, color: true }, { ...dealt, ...over });
const press = (state: UiState, ...actions: KeyAction[]): UiState =>
  actions.reduce(
    (now, action) =>
      reduce(
        now,
        { type: 'key', action, panes: panesOnRung({ columns: 120, rows: 40 }), rows: 5, scrollMax: 1_000, now: AT },
        visible(broken, now),
      ),
    state,
  );

const codes = Object.keys(CATALOGUE);

describe('the veil', () => {
  const withTalk = {
    ...broken,
    probes: broken.probes === null ? null : { ...broken.probes, reason: 'AUTH_REJECTED' },
    timeline: timelineOf([
      ...broken.timeline.rows,
      {
        seq: 1,
        at: AT,
        t: 1,
        source: 'this',
        glyph: '!',
        what: 'AUTH_REJECTED',
        detail: 'Coinbase refuses every token',
        sizeBytes: null,
        tone: 'critical' as const,
      },
    ]),
  };

  it('leaves no code of the catalogue anywhere in the snapshot', () => {
    const text = JSON.stringify(veiled(withTalk));
    expect(codes.filter((code) => text.includes(code))).toEqual([]);
  });

  it('leaves what happened', () => {
    const seen = veiled(withTalk);
    expect(seen.closes).toEqual(broken.closes);
    expect(seen.tokens).toEqual(broken.tokens);
    expect(seen.timeline.rows).toEqual(broken.timeline.rows);
    expect(seen.limits).toEqual(broken.limits);
  });

  it('lies over opened facts too', () => {
    const told = { ...detail, fields: [{ name: 'reason', value: 'AUTH_REJECTED' }] };
    expect(visibleDetail(told, start())?.fields).toEqual([{ name: 'reason', value: 'hidden' }]);
    expect(visibleDetail(told, press(start(), 'choose-1'))).toBe(told);
  });

  it('is not there without a drill', () => {
    expect(visible(broken, startState({ ascii: false, color: true }))).toBe(broken);
  });
});

describe('answering', () => {
  it('takes the number beside the code at once', () => {
    const state = press(start(), 'choose-2');
    expect(state.drill?.answer).toBe(dealt.choices[1]);
    expect(phaseOf(state)).toBe('answered');
    expect(topMode(state)).toEqual({ mode: 'answer' });
  });

  it('takes the chosen code with Enter', () => {
    const state = press(start(), 'down', 'down', 'down');
    expect(state.selected.findings).toBe(dealt.choices[2]);
    expect(phaseOf(state)).toBe('question');
    expect(press(state, 'open').drill?.answer).toBe(dealt.choices[2]);
  });

  it('does nothing on Enter while no code is chosen', () => {
    expect(phaseOf(press(start(), 'open'))).toBe('question');
  });

  it('first brings the codes into sight where another pane covers them', () => {
    const covered = press(start(), 'pane-timeline', 'zoom');
    const shown = press(covered, 'choose-3');
    expect(phaseOf(shown)).toBe('question');
    expect(shown.selected.findings).toBe(dealt.choices[2]);
    expect(shown.focus).toBe('findings');
    expect(press(shown, 'choose-3').drill?.answer).toBe(dealt.choices[2]);
  });

  it('takes one answer only', () => {
    expect(press(start(), 'choose-1', 'choose-2').drill?.answer).toBe(dealt.choices[0]);
  });

  it('ignores a number without a code', () => {
    const short = start({ choices: ['AUTH_REJECTED', 'AUTH_FLAKY'] });
    expect(phaseOf(press(short, 'choose-5'))).toBe('question');
  });

  it('opens the finding from the answer, and the answer again', () => {
    const opened = press(start(), 'choose-1', 'open');
    expect(topMode(opened)).toEqual({ mode: 'finding', key: 'AUTH_REJECTED' });
    expect(topMode(press(opened, 'back', 'back', 'show-answer'))).toEqual({ mode: 'answer' });
  });

  it('thaws a frozen view: what is told is what is known now', () => {
    expect(press(start(), 'freeze', 'choose-1').frozen).toBeNull();
  });

  it('counts', () => {
    const drill = (answer: string | null) => ({ dealt: { ...dealt, answered: 2, right: 1 }, answer, over: false });
    expect(scoreText(drill(null))).toBe('1 of 2 right');
    expect(scoreText(drill(dealt.code))).toBe('2 of 3 right');
    expect(scoreText(drill('WS_DROPPED'))).toBe('1 of 3 right');
  });
});

describe('the keys of a drill', () => {
  const modes: ModeName[] = ['panes', 'zoom', 'finding', 'frame', 'help', 'settings', 'answer', 'filter', 'message'];
  const phases = ['question', 'answered'] as const;

  it.each(modes.flatMap((mode) => phases.map((phase) => [mode, phase] as const)))(
    'mean one thing in %s while %s',
    (mode, phase) => {
      const keys = activeBindings(mode, false, phase).flatMap((binding) => binding.keys);
      expect(keys.filter((name, index) => keys.indexOf(name) !== index)).toEqual([]);
    },
  );

  it('tell nothing before the answer', () => {
    for (const key of ['n', 'N', 'v', 'e', 'E', 'a']) expect(actionFor(key, 'panes', false, 'question')).toBeNull();
    expect(actionFor('?', 'panes', false, 'question')).toBe('help');
    expect(actionFor('7', 'panes', false, 'question')).toBe('pane-timeline');
  });

  it('reach every pane after it, and the next drill', () => {
    expect(actionFor('3', 'panes', false, 'answered')).toBe('pane-heartbeats');
    for (const mode of ['panes', 'answer', 'finding', 'frame'] as const)
      expect(actionFor('n', mode, false, 'answered')).toBe('next-drill');
  });

  it('are told in the help of that moment', () => {
    const labels = (phase: 'question' | 'answered'): string[] => keymapRows(phase).map(({ label }) => label);
    expect(labels('question')).not.toContain('next finding (replay: jump to it)');
    expect(labels('question')).toContain('answer with the code beside it');
    expect(labels('answered')).toContain('the next drill');
  });
});

interface Running {
  terminal: FakeTerminal;
  controls: FakeControls;
  ended: Promise<ScreenEnd>;
}

const open: AbortController[] = [];
afterEach(() => {
  for (const closing of open.splice(0)) closing.abort();
});

async function run(drill: DrillCase = dealt, size: [number, number] = [120, 40]): Promise<Running> {
  const terminal = openFakeTerminal(...size);
  const controls = fakeControls(broken);
  const closing = new AbortController();
  open.push(closing);
  const { stdout, stdin } = terminal;
  const look = { ascii: false, color: true, screenReader: false };
  const ended = runScreen({ controls, mode: 'demo', fps: 4, ...look, stdout, stdin, closing: closing.signal, drill });
  await terminal.settle();
  return { terminal, controls, ended };
}

const text = (terminal: FakeTerminal): string => terminal.rows().join('\n');

describe('the screen of a drill', () => {
  it('writes no code but those on offer until it is answered', async () => {
    const { terminal } = await run();
    // Every pane, the help, the settings, a filter with completion, an opened fact.
    for (const keys of [
      '7',
      '\r',
      '\u001b',
      '8',
      '\u001b',
      '0',
      '\u001b',
      '?',
      '\u001b',
      's',
      '\u001b',
      '/AUTH\t',
      '\u001b',
    ])
      await terminal.type(keys);
    const offered = choicesOf(start()) ?? [];
    const seen = codes.filter((code) => terminal.written().includes(code));
    expect(seen.filter((code) => !offered.includes(code))).toEqual([]);
    expect(terminal.written()).not.toContain(broken.verdict.sentence.slice(0, 30));
    expect(text(terminal)).toContain('hidden: what do you think it is?');
  });

  it('tells all after the answer, and ends with it', async () => {
    const { terminal, ended } = await run();
    await terminal.type('2');
    expect(text(terminal)).toContain(`not ${dealt.choices[1]}: it is AUTH_REJECTED`);
    expect(text(terminal)).toContain('6 of 6 signed calls refused');
    expect(text(terminal)).toContain('YOUR KEY');
    await terminal.type('n');
    expect((await ended).drill).toEqual({ answer: dealt.choices[1], next: true });
  });

  it('stands still once the scenario is over', async () => {
    const { terminal, controls } = await run({ ...dealt, durationMs: 1 });
    expect(text(terminal)).toContain('the scenario is over');
    const before = text(terminal);
    controls.publish({ ...broken, at: broken.at + 60_000, t: broken.t + 60_000 });
    await terminal.type('\u001b');
    expect(text(terminal)).toBe(before);
    await terminal.type('1');
    expect(text(terminal)).toContain('right: AUTH_REJECTED');
  });

  it.each([
    [200, 60],
    [120, 40],
    [80, 24],
    [40, 12],
  ] as const)('shows every code whole at %i×%i', async (columns, rows) => {
    const longest = codes.toSorted((a, b) => b.length - a.length).slice(0, 5);
    const { terminal } = await run({ ...dealt, choices: [dealt.code, ...longest] }, [columns, rows]);
    for (const code of [dealt.code, ...longest]) expect(text(terminal)).toContain(code);
    for (const line of terminal.rows()) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
  });
});
