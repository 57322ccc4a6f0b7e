// What panes say, beside the golden screens: figures that must not contradict each other, and sentences that must not be said twice.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { layout } from '../../src/ui/layout.ts';
import { startState } from '../../src/ui/reduce.ts';
import type { PaneRows, Room } from '../../src/ui/rows/cells.ts';
import { partLines } from '../../src/ui/rows/cells.ts';
import { findingsRows } from '../../src/ui/rows/findings.ts';
import { gauge, latenessHistogram, sparkline } from '../../src/ui/rows/gauge.ts';
import { limitsRows } from '../../src/ui/rows/limits.ts';
import { ordersRows } from '../../src/ui/rows/orders-balances.ts';
import { paneLines } from '../../src/ui/rows/pane-rows.ts';
import { requestsRows } from '../../src/ui/rows/requests.ts';
import { spoken, spokenItems } from '../../src/ui/rows/spoken.ts';
import { verdictLines } from '../../src/ui/rows/verdict.ts';
import { PANES } from '../../src/ui/selection.ts';
import { glyphsOf } from '../../src/ui/theme.ts';
import { type View, viewOf } from '../../src/ui/view.ts';
import { broken } from './fixtures/broken.ts';
import { AT, healthy } from './fixtures/healthy.ts';
import { hostile, justStarted, replay } from './fixtures/others.ts';

const viewed = (snapshot: Snapshot): View =>
  viewOf(snapshot, { ...startState({ ascii: false, color: true }), receivedAt: AT }, AT);

function textsOf({ lines }: PaneRows): string[] {
  return lines.map(({ cells }) => cells.map(({ text }) => text).join(' '));
}

const WIDE: Room = { width: 116, height: 30, zoomed: true };
const NARROW: Room = { width: 62, height: 12, zoomed: false };

describe('limits', () => {
  it('tell what we spent and what is left, never a share of the one as the other', () => {
    const limits = healthy.limits.map((limit) => ({ ...limit, used: 0, remaining: limit.limit - 2 }));
    const [first = ''] = textsOf(limitsRows(viewed({ ...healthy, limits }), NARROW));
    expect(first).toMatch(/REST private 0 \/s \S+ 28 of 30 left header/);
    expect(first).not.toContain('%');
  });

  it('say how old the header is that they believe, and when there is none', () => {
    const text = textsOf(limitsRows(viewed(healthy), WIDE)).join('\n');
    expect(text).toContain('as a header said 0.5 s ago');
    expect(text).toContain('worked out from our own calls alone');
  });

  it('have no time left to count down when the limit is reached', () => {
    const limits = healthy.limits.map((limit) => ({ ...limit, forecastSeconds: 0 }));
    expect(textsOf(limitsRows(viewed({ ...healthy, limits }), NARROW)).join()).toContain('at its limit now');
  });
});

describe('findings', () => {
  it('give the fix in place of the sentence that the verdict says already', () => {
    const [first] = broken.findings;
    const verdict = { ...broken.verdict, sentence: first?.title ?? '' };
    const texts = textsOf(findingsRows(viewed({ ...broken, verdict }), NARROW)).join('\n');
    expect(texts).toContain('fix: portal → API keys');
    expect(texts).not.toContain(first?.title.slice(0, 40));
    expect(textsOf(findingsRows(viewed(broken), NARROW)).join(' ')).toContain(first?.title.slice(0, 30));
  });

  it('stand in the same columns, open or cleared', () => {
    const places = findingsRows(viewed(broken), NARROW).lines.flatMap(({ cells }) =>
      cells.filter(({ text }) => /^\d+:\d\d$/.test(text)).map(({ x, width }) => x + width),
    );
    expect(places).toHaveLength(3);
    expect(new Set(places).size).toBe(1);
  });
});

describe('the verdict', () => {
  it.each([
    ['network', 'high', 'YOUR NETWORK'],
    ['network', 'medium', 'LIKELY YOUR NETWORK'],
    ['coinbase', 'low', 'PERHAPS COINBASE'],
    ['healthy', 'low', 'HEALTHY SO FAR'],
    ['unknown', 'low', 'NOT ENOUGH EVIDENCE'],
  ] as const)('of %s with %s confidence begins with %s', (party, confidence, words) => {
    const verdict = { ...broken.verdict, party, confidence };
    const [line] = verdictLines(viewed({ ...broken, verdict }), 120, 2);
    expect(line?.cells[0]?.text).toBe(`▌${words}`);
  });
});

describe('the line under the verdict', () => {
  const under = (snapshot: Snapshot): string => {
    const line = verdictLines(viewed(snapshot), 120, 2)[1];
    return line?.cells.map(({ text }) => text).join(' ') ?? '';
  };

  it('leads on from a finding, and tells what has been when nothing is open', () => {
    expect(under(broken)).toBe('since 20:13:26 UTC, for T1: v opens the evidence and what to do');
    expect(under(healthy)).toBe('1 finding came and went since 17:13:54 UTC');
    expect(under({ ...healthy, findings: [] })).toBe('nothing has been wrong since 17:13:54 UTC');
  });

  it.each([
    [120, 40],
    [200, 60],
  ])('is kept at %i×%i, so that no pane moves when the verdict changes', (columns, rows) => {
    const state = startState({ ascii: false, color: true });
    const heights = [healthy, broken, replay, justStarted].map(
      (snapshot) => layout({ columns, rows }, snapshot, state).verdict?.height,
    );
    expect(heights).toEqual([2, 2, 2, 2]);
  });
});

describe('orders and balances', () => {
  const said = (change: Partial<Snapshot['orders'][number]>): string => {
    const orders = healthy.orders.slice(0, 1).map((order) => ({ ...order, ...change }));
    return textsOf(ordersRows(viewed({ ...healthy, orders }), WIDE))[1] ?? '';
  };

  it('agree only when both have spoken and say the same', () => {
    expect(said({})).toContain('✓ agree');
    expect(said({ user: 'FILLED 1', rest: 'OPEN 0' })).toContain('not yet');
    expect(said({ rest: '' })).toContain('one source');
    expect(said({ agrees: false, disagreesForMs: 16_000 })).toContain('✗ 0:16');
  });

  it('group the whole part of an amount and leave its decimals alone', () => {
    const balances = healthy.balances.map((balance) => ({ ...balance, accounts: '1234567.12345678' }));
    expect(textsOf(ordersRows(viewed({ ...healthy, balances }), WIDE)).join()).toContain('1 234 567.12345678');
  });
});

describe('requests', () => {
  it('tell every phase that was measured, and answers by class', () => {
    const text = textsOf(requestsRows(viewed(broken), WIDE)).join('\n');
    expect(text).toContain('dns 3 ms, 3 ms (×1) tcp 9 ms, 9 ms (×1) tls 21 ms, 21 ms (×1) first byte 86 ms');
    expect(text).toContain('4xx ×6');
  });
});

describe('bars', () => {
  const lateness = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 40 });

  it('count every beat once', () =>
    fc.assert(
      fc.property(lateness, (beats) => {
        const counted = latenessHistogram(beats).reduce((sum, step) => sum + step.beats, 0);
        expect(counted).toBe(beats.length);
      }),
    ));

  it('are as long as they were told', () => {
    const glyphs = glyphsOf({ ascii: false, color: true });
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 60 }), (fraction, width) => {
        expect(gauge(fraction, width, glyphs)).toHaveLength(width);
      }),
    );
    expect(sparkline([0, 30, 5_000], 2, glyphs)).toBe('▂█');
  });
});

describe('parts', () => {
  it('are never cut, and fill as few lines as they can', () =>
    expect(partLines(['after 0.6 s', 'reset', '', 'by network'], ' · ', 20, 2)).toEqual([
      'after 0.6 s · reset',
      'by network',
    ]));
});

describe('what a screen reader is given', () => {
  it('says signs as words, and no bar', () => {
    const cells = ['REST', '████····', '✓ agree', '401 ×17', '±'].map((text, x) => ({
      text,
      role: 'plain' as const,
      x,
      width: 1,
    }));
    expect(spoken(cells)).toBe('REST, agree, 401 times 17, plus or minus');
  });

  it.each(PANES.map(({ id }) => id))('draws nothing of the %s pane', (id) => {
    for (const snapshot of [healthy, broken, replay, justStarted, hostile]) {
      const said = spokenItems(paneLines(id, viewed(snapshot), 60)).join('\n');
      expect(said).not.toMatch(/[│╭█▌▁▂●◐○✓✗→←]/);
    }
  });
});
