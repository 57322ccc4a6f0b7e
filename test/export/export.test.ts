// Exports: a HAR that comes back with the same findings, a page in which hostile text is text, and lines that are the same bytes.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportTo } from '../../src/app/export.ts';
import type { Fact } from '../../src/core/fact.ts';
import { resumedFrom } from '../../src/core/resume.ts';
import { Engine } from '../../src/engine/engine.ts';
import { readHar } from '../../src/import/har.ts';
import { recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { seededStory } from '../support/seeded-story.ts';
import { Story } from '../support/story.ts';
import { tellHostile } from './hostile-texts.ts';

async function exported(facts: Fact[], format: 'har' | 'html' | 'ndjson', name = 'a.ndjson'): Promise<Buffer> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), recordingOf(facts));
  const out = join(folder, `out.${format}`);
  expect(await exportTo(join(folder, name), format, out)).toMatchObject({ what: expect.any(String) });
  return readFile(out);
}

function raisedBy(facts: readonly Fact[]): string[] {
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  const standing = [...engine.book.history.values()].filter(({ severity }) => severity !== 'info');
  return [...new Set(standing.map(({ finding }) => finding.code))].sort();
}

const COMING_BACK: [string, string[], (story: Story) => unknown][] = [
  ['nothing', [], () => undefined],
  ['a dropped socket', ['WS_DROPPED'], (story) => story.closes('public')],
  [
    'a gap',
    ['SEQUENCE_GAP'],
    (story) => Object.assign(story.sockets.user, { sequence: story.sockets.user.sequence + 4 }),
  ],
  ['a throttled call', ['RATE_LIMITED'], (story) => story.answers('orders', { status: 429 })],
  ['a refused connection', ['NET_REFUSED'], (story) => story.fails('accounts', 'ECONNREFUSED')],
  [
    'a refused upgrade',
    ['EDGE_BLOCKED', 'WS_DROPPED'],
    (story) => {
      story.closes('public');
      story.refuses('public', 403, '<html>no</html>', { 'content-type': 'text/html' });
    },
  ],
  ['a frame that is no JSON', ['FRAME_MALFORMED'], (story) => story.receives('public', 'nonsense')],
];

describe('a HAR export', () => {
  it.each(COMING_BACK)('comes back with %s', async (_name, codes, happens) => {
    const story = new Story().up();
    happens(story);
    story.advance(4_000);
    const read = readHar(await exported(story.facts, 'har'));
    if ('problem' in read) throw new Error(read.problem);
    expect(raisedBy(story.facts)).toEqual(codes);
    expect(raisedBy(read.facts)).toEqual(codes);
    const frames = (facts: Fact[]): number => facts.filter(({ fact }) => fact === 'frame.received').length;
    expect(frames(read.facts)).toBe(frames(story.facts));
  });

  it('has the forms of Chrome and HTTP Toolkit, and no signature of a token', async () => {
    const story = new Story().up();
    story.receives('user', Buffer.from([0, 1, 255]), true);
    story.closes('user', { code: 1000, clean: true, by: 'server', cause: 'close-frame', reason: 'bye' });
    story.closes('public');
    const har = JSON.parse((await exported(story.facts, 'har')).toString()) as {
      log: { entries: Record<string, unknown>[] };
    };
    const sockets = har.log.entries.filter((entry) => entry['_resourceType'] === 'websocket');
    expect(sockets.map((entry) => entry['_webSocketClose'])).toEqual([
      { code: 1000, reason: 'bye', timestamp: expect.any(Number) },
      'aborted',
    ]);
    const [user] = sockets;
    const messages = user?.['_webSocketMessages'] as { type: string; opcode: number; time: number; data: string }[];
    expect(messages[0]).toMatchObject({ type: 'send', opcode: 1, data: expect.stringContaining('heartbeats') });
    expect(messages.at(-1)).toEqual({ type: 'receive', opcode: 2, data: 'AAH/', time: expect.any(Number) });
    expect(JSON.stringify(har)).toMatch(/Bearer eyJ[\w-]+\.eyJ[\w-]+\.\[signature removed\]/);
    expect(JSON.stringify(har)).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20}/);
  });

  it('of a file that begins in the middle holds the sockets that were open', async () => {
    const story = new Story().up();
    story.advance(10_000);
    const last = story.facts.at(-1);
    if (last === undefined) throw new Error('no facts');
    const { seq, at, t } = last;
    const from = story.facts.length;
    story.advance(5_000);
    const facts = [
      ...story.facts.slice(0, 2),
      { ...resumedFrom(story.engine.model, []), seq, at, t },
      ...story.facts.slice(from),
    ];
    const read = readHar(await exported(facts, 'har'));
    if ('problem' in read) throw new Error(read.problem);
    expect(read.facts.filter(({ fact }) => fact === 'socket.opened').length).toBe(2);
    expect(raisedBy(read.facts)).toEqual([]);
  });
});

const TAGS = new Set(
  'html head meta title style body header article section h1 h2 h3 h4 b i p a span time ul ol li dl dt dd table tbody tr td figure figcaption svg path rect text div fieldset legend label input details summary pre'.split(
    ' ',
  ),
);

describe('an HTML export', () => {
  it('of hostile text is text: no element but its own, no control byte, no address', async () => {
    const story = new Story().up();
    tellHostile(story);
    const page = (await exported(story.facts, 'html', 'a<img src=x onerror=window.ran=1>.ndjson')).toString();
    const tags = [...page.matchAll(/<[/!]?([^\s>/]+)/g)].map(([, name]) => name?.toLowerCase() ?? '');
    expect(tags.filter((name) => !TAGS.has(name) && name !== 'doctype')).toEqual([]);
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(page.slice(0, page.indexOf('</style>'))).not.toMatch(/url\(|@import|https?:/i);
    expect(page.length).toBeLessThan(4_000_000);
  });

  it('names its one style sheet by its hash, and allows nothing else', async () => {
    const page = (await exported(new Story().up().facts, 'html')).toString();
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
  });

  it('shows findings, charts, what happened, and the frames that prove it', async () => {
    const page = (await exported(seededStory(3, 40).facts, 'html')).toString();
    for (const part of ['<h2>Findings</h2>', 'Frames a second', 'Headroom of rate limits', '<path class="line n1"'])
      expect(page).toContain(part);
    expect(page).toMatch(/<details class="row wire proof p0[^>]*><summary>.*<\/summary><pre id="f\d+">/);
    expect(page.length).toBeLessThan(2_000_000);
  });
});

it('an export as lines is the recording, byte for byte', async () => {
  const { facts } = seededStory(9);
  expect((await exported(facts, 'ndjson')).equals(recordingOf(facts))).toBe(true);
});

it('an export never overwrites', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'a.ndjson');
  await writeFile(file, recordingOf(new Story().up().facts));
  for (const format of ['har', 'html', 'ndjson'] as const) {
    expect(await exportTo(file, format, file)).toMatchObject({
      problem: expect.stringMatching(/a\.ndjson: it exists.*not overwritten/),
    });
    expect(await exportTo(file, format, join(folder, 'none', 'b'))).toMatchObject({
      problem: expect.stringMatching(/^Could not .*none\/b: the directory .* does not exist/),
    });
  }
});
