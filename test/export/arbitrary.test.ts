// Whatever facts a recording holds, in whatever order: every export of it is written, and well-formed.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportTo } from '../../src/app/export.ts';
import type { Fact } from '../../src/core/fact.ts';
import { fact } from '../recording/arbitrary-facts.ts';
import { recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { harComplaints } from '../support/har-schema.ts';

const stamp = {
  seq: fc.nat(1_000),
  at: fc.integer({ min: 0, max: 4e12 }),
  t: fc.double({ min: 0, max: 1e9, noNaN: true }),
};
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(101, 200, 429, 503),
);
const text = fc.string({ unit: 'binary', maxLength: 40 });
const url = fc.oneof(
  text,
  fc.webUrl(),
  text.map((path) => `https://api.coinbase.com/${path}?a=${path}`),
);
const phases = fc.record({ dnsMs: number, tcpMs: number, tlsMs: number, firstByteMs: number }, { requiredKeys: [] });
const requestId = fc.nat(3);

const called = fc
  .tuple(
    fc.record({ ...stamp, requestId, url }),
    fc.record({ ...stamp, requestId, status: number, phases, body: text }),
  )
  .map(([{ url: address, ...sent }, { body, status, ...answer }]): Fact[] => [
    {
      ...sent,
      ...{ fact: 'request.sent', endpoint: body, method: 'GET', url: address, signed: false, token: null },
      ...{ bucket: 'rest-public', why: 'poll' },
    } as Fact,
    {
      ...answer,
      ...{ fact: 'response.arrived', endpoint: body, status, headers: { location: body }, body, truncated: false },
      ...{ sizeBytes: status, midpointAt: status, freshConnection: true },
    } as Fact,
  ]);

const refused = fc
  .record({ ...stamp, status: number, body: text, phases })
  .map(({ status, body, ...rest }): Fact[] => [
    { ...rest, fact: 'upgrade.refused', connection: 'public', host: body, status, headers: {}, bodyStart: body },
  ]);

const resumed = fc.record({ ...stamp, openedT: number, url }).map(({ openedT, url: address, ...rest }): Fact[] => [
  {
    ...rest,
    fact: 'session.resumed',
    note: '',
    clock: null,
    uiShows: null,
    openFindings: [],
    sockets: [
      {
        ...{ connection: 'user', state: 'open', note: '', url: address, host: '', attempt: 1, openedT },
        ...{ lastSequence: openedT, lastFrameT: openedT, lastPongT: null, heartbeatCounter: 1, heartbeatT: openedT },
        ...{ channels: [], token: null },
      },
    ],
  } as Fact,
]);

const anyFacts = fc
  .array(
    fc.oneof(
      fact.map((each): Fact[] => [each]),
      called,
      refused,
      resumed,
    ),
    { maxLength: 40 },
  )
  .map((groups) => groups.flat());

it('any facts make a HAR, a page and lines', async () => {
  const folder = await temporaryFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(anyFacts, async (facts) => {
      count += 1;
      const file = join(folder, `${count}.ndjson`);
      await writeFile(file, recordingOf(facts));
      for (const format of ['har', 'html', 'ndjson'] as const) {
        const out = join(folder, `${count}.out.${format}`);
        expect(await exportTo(file, format, out)).toMatchObject({ what: expect.any(String) });
        const text = await readFile(out, 'utf8');
        if (format === 'har') expect(harComplaints(JSON.parse(text))).toEqual([]);
        if (format === 'html') {
          expect(text.endsWith('</body></html>\n')).toBe(true);
          expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
        }
      }
    }),
    { numRuns: 60 },
  );
});
