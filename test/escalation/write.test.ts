// Packets on disk: whole, private and checkable; and none at all when a secret is in any byte of it, in any encoding.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { forgetSecrets, registerSecret, registerSignature } from '../../src/base/secret.ts';
import { buildPacket, type Packet } from '../../src/escalation/packet.ts';
import { scanPacket } from '../../src/escalation/scan.ts';
import { type PacketToWrite, writePacket } from '../../src/escalation/write.ts';
import { makeIdentity } from '../../src/exchange/identity.ts';
import { encodeFact, encodeHeader } from '../../src/recording/codec.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { AT, finding, snapshot } from './snapshot.ts';

const LINE = `MHcCAQEEIHn${'CANARY'.repeat(8)}oAoGCCqGSM49`;
const PEM = `-----BEGIN EC PRIVATE KEY-----\n${LINE}\nAwEHoUQDQgAEzzzzzzzzzzzzCANARYzzzzzzz==\n-----END EC PRIVATE KEY-----\n`;
const SIGNATURE = 'q7Zk2CANARYx9-_fVtR4mWc1bNs8yLp0aGh3jKd5eUo6iQwXzq7Zk2CANARYx9-_fVtR4mWc1bNs8yLp0aGh3j';
const TOKEN = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmcifQ.${SIGNATURE}`;

afterEach(forgetSecrets);

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'cbscope-packet-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

function packet(note = ''): Packet {
  const about = finding({ code: 'SERVER_ERRORS', title: 'GET /products answers 500.' });
  return buildPacket({
    finding: about,
    snapshot: snapshot(),
    responses: [],
    keyId: 'organizations/a/apiKeys/b',
    windowRows: [],
    version: '0.1.0',
    note,
  });
}

const facts = encodeFact({ seq: 7, at: AT, t: 12.5, fact: 'user.asked', action: 'freeze', detail: '' });

function toWrite(dir: string, change: Partial<PacketToWrite> = {}): PacketToWrite {
  return { packet: packet(), window: facts, dir, version: '0.1.0', now: AT, ...change };
}

describe('a packet', () => {
  it('is a private folder of four files', async () => {
    const dir = await folder();
    const written = await writePacket(toWrite(dir, { removed: [{ kind: 'cookie', count: 2 }] }));
    if (!written.ok) throw new Error(written.problem);
    expect(written.path).toBe(join(dir, 'cbscope-escalation-SERVER_ERRORS-20261122T201406Z'));
    expect(written.missing).toEqual(['Full error response']);
    expect((await readdir(written.path)).sort()).toEqual([
      'escalation.json',
      'escalation.md',
      'manifest.json',
      'window.ndjson',
    ]);
    expect((await stat(written.path)).mode & 0o777).toBe(0o700);
    expect(await readdir(dir)).toHaveLength(1);
    const manifest = JSON.parse(await readFile(join(written.path, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ tool: '0.1.0', removed: [{ kind: 'cookie', count: 2 }] });
    for (const { name, sha256, bytes } of manifest.files) {
      const file = join(written.path, name);
      const content = await readFile(file);
      expect([createHash('sha256').update(content).digest('hex'), content.length]).toEqual([sha256, bytes]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(join(written.path, 'escalation.md'), 'utf8')).toBe(written.markdown);
  });

  it('holds a window that is a recording, with the header it came with or one of its own', async () => {
    const header = encodeHeader({
      format: 'cbscope-recording',
      version: 1,
      at: '2026-11-22T20:13:00Z',
      tool: 'x',
      mode: 'demo',
      partial: true,
    });
    for (const [window, tool] of [
      [facts, '0.1.0'],
      [Buffer.concat([header, facts]), 'x'],
    ] as const) {
      const written = await writePacket(toWrite(await folder(), { window }));
      const recording = written.ok ? await openRecording(join(written.path, 'window.ndjson')) : written;
      if ('problem' in recording) throw new Error(recording.problem);
      expect(recording.header).toMatchObject({ tool, partial: true });
      for await (const batch of recording.facts()) expect(batch).toMatchObject([{ seq: 7, t: 12.5 }]);
    }
  });

  it('takes a number when its name is taken, and makes the folder it goes into', async () => {
    const dir = join(await folder(), 'new', 'deep');
    const paths: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const written = await writePacket(toWrite(dir));
      paths.push(written.ok ? written.path.slice(dir.length + 1) : written.problem);
    }
    const name = 'cbscope-escalation-SERVER_ERRORS-20261122T201406Z';
    expect(paths).toEqual([name, `${name}-2`, `${name}-3`]);
  });

  it('that cannot be written is a sentence', async () => {
    expect(await writePacket(toWrite('/dev/null/x'))).toEqual({
      ok: false,
      cause: 'folder',
      problem: expect.stringContaining('/dev/null/x failed'),
    });
  });

  it.each(['/proc/no-such-place', '/proc/no/such/place'])(
    'in %s, where none can be made, says so and comes back',
    async (dir) => {
      expect(await writePacket(toWrite(dir))).toMatchObject({ ok: false, cause: 'folder' });
    },
  );
});

const encoded: [string, string][] = [
  ['raw', PEM],
  ['one line of it', LINE],
  ['base64', Buffer.from(PEM).toString('base64')],
  ['base64url', Buffer.from(PEM).toString('base64url')],
  ['URL-encoded', encodeURIComponent(PEM)],
  ['JSON-escaped', JSON.stringify(PEM).slice(1, -1)],
  ['hex', Buffer.from(PEM).toString('hex')],
  ['upper-case hex', Buffer.from(PEM).toString('hex').toUpperCase()],
  ['every character URL-encoded', [...Buffer.from(LINE)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['inside other base64', Buffer.from(`xy${PEM}z`).toString('base64')],
  ['a line inside other base64', Buffer.from(`{"k":"${LINE}"}`).toString('base64url')],
  ['unicode-escaped', LINE.replace(/^M/, '\\u004d')],
  ['our signature alone', SIGNATURE],
  ['our token in hex', Buffer.from(TOKEN).toString('hex')],
  ['our signature in base64', Buffer.from(`sig ${SIGNATURE}`).toString('base64')],
];

describe('a secret in a packet', () => {
  it.each(encoded)('is found in the window, %s, and nothing is written', async (_name, text) => {
    registerSecret('API key secret', PEM);
    registerSignature(SIGNATURE);
    const dir = await folder();
    const before = Buffer.from('{"before":"it"}\n');
    const window = Buffer.concat([before, Buffer.from(`{"x":"${text}"}\n`)]);
    const written = await writePacket(toWrite(dir, { window }));
    expect(written).toEqual({
      ok: false,
      cause: 'secret',
      problem: expect.stringMatching(/^No packet was written: window\.ndjson would hold a .* at byte \d+/),
    });
    expect(JSON.stringify(written)).not.toContain('CANARY');
    expect(await readdir(dir)).toEqual([]);
  });

  it('is found in every file of it', async () => {
    registerSecret('API key secret', PEM);
    const places: [string, Partial<PacketToWrite>][] = [
      ['escalation.md', { packet: { ...packet(), markdown: `# ${LINE}` } }],
      ['escalation.json', { packet: { ...packet(), json: { a: [PEM] } } }],
      ['manifest.json', { version: LINE }],
    ];
    for (const [file, change] of places) {
      const dir = await folder();
      const written = await writePacket(
        toWrite(dir, {
          window: encodeHeader({
            format: 'cbscope-recording',
            version: 1,
            at: '',
            tool: '',
            mode: 'live',
            partial: true,
          }),
          ...change,
        }),
      );
      expect(written).toMatchObject({
        ok: false,
        problem: expect.stringContaining(`${file} would hold a API key secret`),
      });
      expect(await readdir(dir)).toEqual([]);
    }
  });

  it.each([
    ['a token with its signature', TOKEN, 'token signature'],
    ['a private key of somebody else', JSON.stringify({ k: PEM }), 'private key'],
    ['a bearer value', `authorization: Bearer ${SIGNATURE}`, 'bearer token'],
    ['a token inside base64', Buffer.from(`\u0001${TOKEN}`).toString('base64'), 'token signature'],
  ])('need not be known to be found: %s', (_name, text, kind) => {
    const hit = scanPacket(
      new Map([
        ['a', Buffer.from('clean')],
        ['b', Buffer.from(`0123456789 ${text}`)],
      ]),
    );
    expect(hit).toMatchObject({ file: 'b', kind });
    expect(hit?.offset).toBeGreaterThanOrEqual(11);
    expect(JSON.stringify(hit)).not.toContain('CANARY');
  });

  it('is not seen where there is none', () => {
    registerSecret('API key secret', PEM);
    const clean = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmcifQ.[signature removed] ${'9f86d081-884c-4d65-9a2f-eaa0c55ad015 '.repeat(50)}`;
    expect(scanPacket(new Map([['a', Buffer.from(clean)]]))).toBeNull();
  });

  it('in the name of its folder forbids it though nobody loaded it', async () => {
    const bare = makeIdentity().keys.es256.secret.replace(/-----[^-]*-----|\s/g, '');
    const written = await writePacket(toWrite(join(await folder(), bare.replaceAll('/', '_'))));
    expect(written).toMatchObject({ ok: false, cause: 'secret' });
  });

  it('in the name of its folder forbids it, too', async () => {
    const dir = join(await folder(), LINE);
    registerSecret('API key secret', PEM);
    const written = await writePacket(toWrite(dir));
    expect(written).toMatchObject({ ok: false, problem: expect.stringContaining('the name of its folder') });
    expect(JSON.stringify(written)).not.toContain('CANARY');
  });
});

it('a folder that is in the way is not touched', async () => {
  const dir = await folder();
  const taken = join(dir, 'cbscope-escalation-SERVER_ERRORS-20261122T201406Z');
  await mkdir(taken);
  const written = await writePacket(toWrite(dir));
  expect(written).toMatchObject({ ok: true, path: `${taken}-2` });
  expect(await readdir(taken)).toEqual([]);
});
