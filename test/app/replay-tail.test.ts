// The end of a recording by itself: what it lets be known is shown, and nothing false is said because the rest is missing.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { engineAtEnd } from '../../src/app/replay-tail.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { openRecording, type Recording } from '../../src/recording/reader.ts';
import { recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { Story } from '../support/story.ts';

const TAIL_BYTES = 30_000;

async function opened(story: Story, pack = (bytes: Buffer): Buffer => bytes): Promise<Recording> {
  const file = join(await temporaryFolder(), 'a');
  await writeFile(file, pack(recordingOf(story.facts)));
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  return recording;
}

function healthy(): Story {
  const story = new Story().up();
  story.advance(120_000);
  return story;
}

describe('the end of a recording', () => {
  it('shows sockets that were open before it, and raises nothing', async () => {
    const story = healthy();
    const engine = await engineAtEnd(await opened(story), TAIL_BYTES);
    if (engine === null) throw new Error('no end');
    const { connections, timeline } = takeSnapshot(engine, 'replay');
    expect(connections.public).toMatchObject({ state: 'open', host: 'advanced-trade-ws.coinbase.com' });
    expect(connections.user.state).toBe('open');
    expect(connections.public.channels.map(({ channel }) => channel).sort()).toEqual(['heartbeats', 'ticker']);
    expect([...engine.book.history.keys()]).toEqual([]);
    expect(timeline.rows[0]?.seq).toBe(story.facts.findLast(({ fact }) => fact === 'frame.received')?.seq);
    expect(engine.model.t).toBe(story.facts.at(-1)?.t);
  });

  it('tells of what happens in it', async () => {
    const story = healthy();
    story.closes('public');
    story.advance(3_000);
    const engine = await engineAtEnd(await opened(story), TAIL_BYTES);
    expect([...(engine?.book.open.keys() ?? [])]).toContain('WS_DROPPED public');
  });

  it('is left to the whole reading where it cannot be read by itself', async () => {
    const story = healthy();
    expect(await engineAtEnd(await opened(story))).toBeNull();
    expect(await engineAtEnd(await opened(story, zstdCompressSync), TAIL_BYTES)).toBeNull();
  });
});
