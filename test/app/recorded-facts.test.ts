// What a replay has let go can still be opened: it is in the file.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RecordedFacts } from '../../src/app/recorded-facts.ts';
import { ReplayIndex } from '../../src/app/replay-index.ts';
import { openReplay, ReplaySession } from '../../src/app/replay-session.ts';
import { TIMELINE_FACTS_MAX } from '../../src/core/bounds.ts';
import type { Fact } from '../../src/core/fact.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { Story } from '../support/story.ts';

/** A dropped socket, then more facts than a timeline holds. */
function longFacts(): Fact[] {
  const facts: Fact[] = [];
  const story = new Story((fact) => facts.push(fact)).up();
  story.closes('public');
  story.advance(2_000);
  story.reopens('public');
  story.advance(10_000);
  for (let second = 0; second < 10; second += 1) {
    for (let index = 0; index < TIMELINE_FACTS_MAX / 4; index += 1)
      story.engine.accept({ fact: 'user.asked', action: 'mark', detail: `mark ${index}` });
    story.advance(1_000);
  }
  return facts;
}

async function fileOf(facts: Fact[]): Promise<string> {
  const file = join(await temporaryFolder(), 'it.ndjson');
  await writeFile(file, recordingOf(facts));
  return file;
}

const facts = longFacts();
const closed = facts.find(({ fact }) => fact === 'socket.closed')?.seq ?? -1;
const WINDOW = { from: 0, rows: 50, width: 80 };

describe('a fact far back in a recording', () => {
  it('is found among its neighbours, wherever it is, and nothing else is', async () => {
    const recording = await openRecording(await fileOf(facts));
    if ('problem' in recording) throw new Error(recording.problem);
    const index = new ReplayIndex(recording);
    await index.run();
    const recorded = new RecordedFacts(recording, index);
    for (const seq of [facts[0], facts[777], facts.at(-1)].map((fact) => fact?.seq ?? -1)) {
      const near = await recorded.around(seq);
      expect(near.map((fact) => fact.seq)).toContain(seq);
      expect(near.length).toBeLessThanOrEqual(2_000);
    }
    expect(await recorded.around(99_999_999)).toEqual([]);
    // Where numbers come twice nothing can be told by them.
    expect(
      await new RecordedFacts(recording, { ...index, checkpoints: index.checkpoints, isOneSession: false }).around(1),
    ).toEqual([]);
  });

  it('is opened by a replay whose timeline holds it no more', async () => {
    const file = await fileOf(facts);
    const replay = await openReplay(file, join(file, '..'));
    if (!(replay instanceof ReplaySession)) throw new Error(replay.problem);
    await replay.act({ action: 'replay-seek', toT: facts.at(-1)?.t ?? 0 });
    expect(await replay.detail(facts.at(-2)?.seq ?? -1, WINDOW)).not.toBeNull();
    const detail = await replay.detail(closed, WINDOW);
    expect(detail?.title).toContain('socket.closed');
    await replay.stop();
  });
});
