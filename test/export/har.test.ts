// The HAR export against the published schema, and there and back again: what happened on the wire is found again in the capture.

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportTo } from '../../src/app/export.ts';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { HAR_EXAMPLES } from '../../src/import/examples.ts';
import { readHar } from '../../src/import/har.ts';
import { recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { hostile } from '../sim/hostile.ts';
import { World } from '../sim/world.ts';
import { bytesOf, call, har as capture, socket } from '../support/har.ts';
import { harComplaints } from '../support/har-schema.ts';
import { seededStory } from '../support/seeded-story.ts';
import { Story } from '../support/story.ts';
import { HOSTILE_TEXTS, tellHostile } from './hostile-texts.ts';

async function harOf(facts: readonly Fact[]): Promise<Buffer> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.ndjson'), recordingOf([...facts]));
  const out = join(folder, 'a.har');
  expect(await exportTo(join(folder, 'a.ndjson'), 'har', out)).toMatchObject({ what: expect.any(String) });
  return readFileSync(out);
}

function factsOf(bytes: Uint8Array): Fact[] {
  const reading = readHar(bytes);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.facts;
}

/** Keys of all findings above info. */
function found(facts: readonly Fact[]): string[] {
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  const standing = [...engine.book.history.values()].filter(({ severity }) => severity !== 'info');
  return standing.map(({ finding }) => finding.key).sort();
}

function hostileWorld(seed: number): Fact[] {
  const facts: Fact[] = [];
  new World(seed, { trouble: hostile, ordersPerMinute: 30, record: (fact) => void facts.push(fact) })
    .start()
    .run(60_000)
    .end();
  return facts;
}

function hostileStory(): Fact[] {
  const story = new Story().up({ products: HOSTILE_TEXTS });
  tellHostile(story);
  return story.facts;
}

const SOURCES: [string, () => Fact[]][] = [
  ['nothing but the start of a session', () => new Story().begin().facts],
  ...[1, 2, 3, 4].map((seed): [string, () => Fact[]] => [`story ${seed}`, () => seededStory(seed, 30).facts]),
  ...[21, 22].map((seed): [string, () => Fact[]] => [`hostile world ${seed}`, () => hostileWorld(seed)]),
  ['hostile text', hostileStory],
  ...HAR_EXAMPLES.map(({ name, har }): [string, () => Fact[]] => [name, () => factsOf(bytesOf(har))]),
];

describe('is HAR 1.2 by its schema, without a signature:', () => {
  it.each(SOURCES)('%s', async (_name, facts) => {
    const text = (await harOf(facts())).toString();
    expect(harComplaints(JSON.parse(text)).slice(0, 5)).toEqual([]);
    expect(text).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20}/);
  });

  it('and the schema would notice', () => {
    const milliseconds = { type: 'send', time: 1_790_000_000_000, opcode: 1, data: '' };
    expect(harComplaints({ log: { version: '1.2', creator: {}, entries: [{}] } }).length).toBeGreaterThan(5);
    expect(
      harComplaints(capture([socket({ atS: 0, messages: [milliseconds] }), call({ atS: 0, url: 'x' })])).length,
    ).toBeGreaterThan(0);
  });
});

/** Findings that rest on what a HAR does not hold: the tool's own clock and loop, its settings, and the key as it was configured. */
const NOT_ON_THE_WIRE = /^(SELF_|CLOCK_|RECORDING_|AUTH_(SECRET|KEY_TYPE|LEGACY|HMAC|NO_CRED)|SCOPE_(TRADE|TRANSFER))/;

/** What an export leaves out on purpose tells these from a plain refusal: the signature's length, and headers that are no token. */
const TOLD_OTHERWISE: Record<string, string[]> = {
  'har-der-signature': ['AUTH_REJECTED'],
  'har-hmac-mixed': ['AUTH_REJECTED'],
  'har-legacy-key': ['AUTH_REJECTED'],
};

const ENDS: [string, (story: Story) => void][] = [
  [
    'closed by this program',
    (story) => story.closes('user', { code: 1000, clean: true, by: 'client', cause: 'asked' }),
  ],
  [
    'a server that is leaving',
    (story) => story.closes('public', { code: 1001, clean: true, by: 'server', cause: 'close-frame' }),
  ],
  ['a reset', (story) => story.closes('public', { cause: 'reset' })],
  [
    'a policy',
    (story) => story.closes('user', { code: 1008, clean: true, by: 'server', cause: 'close-frame', reason: 'no' }),
  ],
];

describe('comes back with the same findings of the wire:', () => {
  it.each(ENDS)('%s', async (_name, ends) => {
    const story = new Story().up();
    story.advance(12_000);
    ends(story);
    story.advance(4_000);
    const closes = (facts: readonly Fact[]): unknown[] =>
      facts.flatMap((fact) =>
        fact.fact === 'socket.closed'
          ? [[fact.connection, fact.code, fact.by, fact.cause, fact.reason, fact.clean]]
          : [],
      );
    const read = factsOf(await harOf(story.facts));
    expect(closes(read)).toEqual(closes(story.facts));
    expect(found(read)).toEqual(found(story.facts));
  });

  it.each([
    ['refused', (story: Story) => story.refuses('public', 429, 'Too Many Requests')],
    ['without a connection', (story: Story) => story.cannotConnect('user', 'tcp', 'ECONNREFUSED', ['ECONNREFUSED'])],
  ])('an upgrade on a host of one’s own that is %s', async (_name, happens) => {
    const story = new Story().begin({ publicUrl: 'ws://127.0.0.1:9', userUrl: 'ws://127.0.0.1:8' });
    for (const _ of [1, 2, 3]) {
      happens(story);
      story.advance(2_000);
    }
    const own = story.facts.map((fact) => ('host' in fact ? { ...fact, host: '127.0.0.1:9' } : fact));
    expect(found(own).length).toBeGreaterThan(0);
    expect(found(factsOf(await harOf(own as Fact[])))).toEqual(found(own as Fact[]));
  });

  it.each(HAR_EXAMPLES)('$name', async ({ name, har }) => {
    const facts = factsOf(bytesOf(har));
    const onTheWire = (keys: string[]): string[] => keys.filter((key) => !NOT_ON_THE_WIRE.test(key));
    const back = onTheWire(found(factsOf(await harOf(facts))));
    expect(back).toEqual(name in TOLD_OTHERWISE ? TOLD_OTHERWISE[name] : onTheWire(found(facts)));
  });
});
