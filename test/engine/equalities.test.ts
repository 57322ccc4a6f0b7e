// What holds the product up: a replay finds what the live run found and does nothing; no bytes and no facts make anything throw.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Fact, FactBody } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { decodeLine, encodeFact, isProblem, LineEncoder } from '../../src/recording/codec.ts';
import { hostile } from '../sim/hostile.ts';
import { seeded } from '../sim/random.ts';
import { expectWithinBounds, lookAtAll } from '../sim/within-bounds.ts';
import { World } from '../sim/world.ts';
import { exactly } from '../support/findings.ts';
import { Story } from '../support/story.ts';

const SEEDS = [101, 102, 103, 104];
const TWO_MINUTES = 120_000;

function reread(fact: Fact): Fact {
  const fresh = decodeLine(encodeFact(fact).subarray(0, -1));
  if (isProblem(fresh)) throw new Error(`${fact.fact}: ${fresh.problem}`);
  return fresh;
}

interface Recorded {
  facts: Fact[];
  found: string;
}

const worlds = new Map<number, Recorded>();

/** Everything that a world recorded, and what its engine found. */
function recorded(seed: number): Recorded {
  const known = worlds.get(seed);
  if (known !== undefined) return known;
  const facts: Fact[] = [];
  const record = (fact: Fact): void => void facts.push(fact);
  const world = new World(seed, { trouble: hostile, ordersPerMinute: 30, record }).start().run(TWO_MINUTES).end();
  const told = { facts, found: exactly(world.engine) };
  worlds.set(seed, told);
  return told;
}

describe('a replay', () => {
  test.each(SEEDS)('of seed %i, written and read, finds the same byte for byte', (seed) => {
    const { facts, found } = recorded(seed);
    const engine = new Engine();
    for (const fact of facts) engine.replay(reread(fact));
    expect(exactly(engine)).toBe(found);
  });

  test('performs no command, though the same facts live call for many', () => {
    const commands: Command[] = [];
    const { facts } = recorded(101);
    const engine = new Engine({ perform: (command) => commands.push(command) });
    for (const fact of facts) engine.replay(fact);
    expect(commands).toEqual([]);
    expect(new World(101).start().run(TWO_MINUTES).commands.length).toBeGreaterThan(10);
  });
});

describe('whatever comes over the wire', () => {
  const story = new Story().up();
  const after = (body: FactBody): void => {
    story.tell(body);
    story.advance(1_000);
  };

  test('as a frame: nothing throws', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(
        bytes,
        fc.boolean(),
        fc.constantFrom('public' as const, 'user' as const),
        (frame, binary, connection) => {
          after({ fact: 'frame.received', connection, bytes: frame, binary, plain: false });
        },
      ),
      { numRuns: 200 },
    );
    lookAtAll(story.engine);
    expectWithinBounds(story.engine);
  });

  test('as a frame of nearly the right shape: nothing throws', () => {
    const odd = fc.jsonValue({ maxDepth: 3 });
    const channel = fc.constantFrom(
      'heartbeats',
      'subscriptions',
      'ticker',
      'user',
      'l2_data',
      'candles',
      '__proto__',
      '',
    );
    const frame = fc.record(
      {
        channel: fc.oneof(channel, odd),
        type: fc.constantFrom('error', 'subscriptions', 'ticker'),
        message: fc.string(),
        reason: odd,
        sequence_num: fc.oneof(fc.integer(), fc.double(), odd),
        timestamp: fc.oneof(fc.constant('2026-11-20T14:30:01.258114502Z'), odd),
        events: fc.oneof(
          fc.array(fc.record({ type: odd, heartbeat_counter: odd, subscriptions: odd, orders: odd, tickers: odd })),
          odd,
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(frame, (value) => {
        story.receives('user', JSON.stringify(value));
        story.advance(500);
      }),
      { numRuns: 200 },
    );
    lookAtAll(story.engine);
    expectWithinBounds(story.engine);
  });

  test('as an answer: nothing throws', () => {
    const endpoint = fc.constantFrom('time', 'key_permissions', 'accounts', 'orders', 'fills', 'products', 'portfolio');
    const row = fc.dictionary(
      fc.constantFrom(
        'order_id',
        'status',
        'currency',
        'available_balance',
        'hold',
        'size',
        'trade_id',
        'asset',
        'total_balance_crypto',
        'product_id',
      ),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const shaped = fc
      .record({
        orders: fc.array(row),
        fills: fc.array(row),
        accounts: fc.array(row),
        products: fc.array(row),
        has_next: fc.boolean(),
      })
      .map((value) =>
        JSON.stringify({ ...value, breakdown: { spot_positions: value.accounts }, epochMillis: '1', can_view: true }),
      );
    const body = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json(), shaped);
    const headers = fc.dictionary(
      fc.constantFrom(
        'x-ratelimit-limit',
        'x-ratelimit-remaining',
        'x-ratelimit-reset',
        'retry-after',
        'date',
        'age',
        'cf-cache-status',
      ),
      fc.oneof(fc.string(), fc.nat().map(String)),
    );
    fc.assert(
      fc.property(endpoint, fc.integer({ min: 100, max: 599 }), headers, body, (name, status, said, text) => {
        story.answers(name, { status, headers: said, body: text });
        story.advance(500);
      }),
      { numRuns: 200 },
    );
    lookAtAll(story.engine);
    expectWithinBounds(story.engine);
  });

  test('to be read back from a recording: the same findings', () => {
    const replayed = new Engine();
    for (const fact of story.facts) replayed.replay(reread(fact));
    expect(exactly(replayed)).toBe(exactly(story.engine));
  });
});

/** The same line with one of its values changed into another of the same kind. */
function tampered(line: string, random: ReturnType<typeof seeded>): string {
  const numbers = ['0', '-1', '1e300', '-1e300', '0.0001', '9007199254740991', '1e-300', '65535'];
  const texts = [
    '""',
    '"__proto__"',
    '"\\u001b[2J"',
    '"constructor"',
    '"ticker"',
    `"${'x'.repeat(3_000)}"`,
    '"\\ud800"',
  ];
  const leaves = [...line.matchAll(/[:[,](-?\d[\d.e+-]*|"(?:[^"\\]|\\.)*")(?=[,}\]])/g)].slice(3);
  const leaf = leaves.length === 0 ? undefined : random.pick(leaves);
  if (leaf?.index === undefined) return line;
  const at = leaf.index + 1;
  const value = random.pick(leaf[1]?.startsWith('"') ? texts : numbers);
  return line.slice(0, at) + value + line.slice(at + (leaf[1]?.length ?? 0));
}

describe('whatever a recording holds', () => {
  test.each(SEEDS)(
    'dropped, repeated, swapped and changed facts of seed %i throw nothing and stay within bounds',
    (seed) => {
      const random = seeded(seed);
      const encoder = new LineEncoder();
      const lines = recorded(seed).facts.map((fact) => {
        encoder.append(fact);
        return encoder.take().subarray(0, -1).toString();
      });
      const engine = new Engine();
      let folded = 0;
      for (let index = 0; index < lines.length; index += 1) {
        const source = random.chance(0.1) ? random.pick(lines) : (lines[index] ?? '');
        const fact = decodeLine(Buffer.from(random.chance(0.3) ? tampered(source, random) : source));
        if (isProblem(fact) || random.chance(0.05)) continue;
        engine.replay(fact);
        folded += 1;
        if (folded % 500 === 0) lookAtAll(engine);
      }
      expect(folded).toBeGreaterThan(lines.length / 2);
      lookAtAll(engine);
      expectWithinBounds(engine);
    },
  );
});
