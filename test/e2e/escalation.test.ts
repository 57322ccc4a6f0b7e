// The three cases of the escalation guide, each from a live run of the built program against the simulated exchange: the packet holds
// all five required fields, its window opens, and its markdown says what somebody who was not there has to know.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIRED } from '../../src/core/packet-request.ts';
import { startExchange } from '../../src/exchange/exchange.ts';
import type { Fault } from '../../src/exchange/fault.ts';
import { packetFaults } from '../support/packet-schema.ts';

const program = fileURLToPath(new URL('../../bin/cbscope.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cbscope-cases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PATIENCE_MS = 90_000;
/** Seconds for which the trouble is watched once it was named. */
const STATS_AFTER = 4;
const POLLS = 'time=2,accounts=1,portfolio=1,orders=1,fills=1,products=1,key_permissions=5';

interface Finished {
  code: number | null;
  out: string;
}

function run(args: string[], env: Record<string, string> = {}, enough: (out: string) => boolean = () => false) {
  return new Promise<Finished>((resolve) => {
    const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
    const environment = { ...(process.env as Record<string, string>), ...env };
    const child = spawn(process.execPath, ['--', program, ...args], { cwd: folder, stdio, env: environment });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      if (enough(out)) child.kill('SIGINT');
    });
    child.on('close', (code) => resolve({ code, out }));
  });
}

/** A recording of a run in which the fault was there from the beginning, ended once the code was raised and stood for a while. */
async function record(name: string, fault: Fault, code: string): Promise<string> {
  const exchange = await startExchange();
  try {
    exchange.apply(fault);
    const file = join(folder, `${name}.ndjson`);
    const env = {
      COINBASE_API_KEY: exchange.keys.es256.id,
      COINBASE_API_SECRET: exchange.keys.es256.secret,
      CBSCOPE_PUBLIC_URL: exchange.publicUrl,
      CBSCOPE_USER_URL: exchange.userUrl,
      CBSCOPE_REST_URL: exchange.restUrl,
      CBSCOPE_POLL: POLLS,
    };
    const raised = (out: string): boolean => {
      const at = out.indexOf(`"code":"${code}"`);
      return at >= 0 && out.slice(at).split('"type":"stats"').length > STATS_AFTER;
    };
    const { out } = await run(['watch', '--json', '--record', file, '--duration', '40s'], env, raised);
    expect(out).toContain(`"code":"${code}"`);
    return file;
  } finally {
    await exchange.close();
  }
}

interface Told {
  ok: boolean;
  path: string;
  category: string;
  missing: string[];
  fields: { name: string; value: string | null; none?: string }[];
}

interface Case {
  name: string;
  category: string;
  code: string;
  fault: Fault;
  /** Fields that must have a value; the others say why there is none. */
  filled: string[];
  says: RegExp[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const CASES: Case[] = [
  {
    name: '5xx',
    category: '5xx',
    code: 'SERVER_ERRORS',
    fault: { kind: 'rest-status', status: 500, body: 'json', path: '/products' },
    filled: [REQUIRED.key, REQUIRED.product, REQUIRED.timestamp, REQUIRED.response],
    says: [
      /^# .*T2: GET \/products answers 500 for [\d.]+ s while everything else works/,
      /none: not about an order/,
      /## Error response, complete/,
    ],
  },
  {
    name: 'matching',
    category: 'matching',
    code: 'ORDER_STUCK',
    fault: { kind: 'stick-order', status: 'OPEN', fill: true, product: 'BTC-USD' },
    filled: [REQUIRED.key, REQUIRED.order, REQUIRED.product, REQUIRED.timestamp],
    says: [
      /^# .*T2: Order .* is stuck/,
      /## What contradicts/,
      /\| REST order +\| OPEN/,
      /REST order beside the fills/,
    ],
  },
  {
    name: 'balance',
    category: 'balance',
    code: 'BALANCE_MISMATCH',
    fault: { kind: 'mismatch', asset: 'BTC', amount: '0.05' },
    filled: [REQUIRED.key, REQUIRED.timestamp],
    says: [/^# .*T2: The BTC balance disagrees/, /portfolio breakdown/, /about a balance, not an order/],
  },
];

describe.concurrent.each(CASES)('the packet of a case of $name', ({ name, category, code, fault, filled, says }) => {
  test(
    'is complete, opens, and reads well',
    async () => {
      const file = await record(name, fault, code);
      const escalated = await run(['escalate', file, '--out', folder, '--json', '--finding', code]);
      const told = JSON.parse(escalated.out) as Told;
      expect(told).toMatchObject({ ok: true, category, missing: [] });
      expect(told.fields.map((field) => field.name)).toEqual(Object.values(REQUIRED));
      for (const field of told.fields) {
        if (filled.includes(field.name)) expect(field.value).not.toBeNull();
        else expect(field.none).toMatch(/\w/);
      }
      expect(told.fields[0]?.value).toMatch(/^organizations\/.*\/apiKeys\//);

      const markdown = readFileSync(join(told.path, 'escalation.md'), 'utf8');
      if (process.env['SHOW'] !== undefined) process.stdout.write(`${markdown}\n`);
      for (const said of says) expect(markdown).toMatch(said);
      expect(markdown).toContain('## The minute around it');
      expect(markdown).toMatch(
        /## What works and what does not \(probed [\d:]+ UTC; .*\n.*GET \/time ✓ .*GET \/key_permissions ✓/,
      );
      for (const line of markdown.split('\n'))
        expect(line.length).toBeLessThanOrEqual(line.startsWith('#') || line.startsWith('Verdict') ? 250 : 200);
      expect(markdown).not.toMatch(/undefined|NaN|\[object/);

      expect(packetFaults(JSON.parse(readFileSync(join(told.path, 'escalation.json'), 'utf8')))).toEqual([]);
      const window = await run(['report', join(told.path, 'window.ndjson'), '--json']);
      const report = JSON.parse(window.out) as { findings: { code: string }[] };
      expect(report.findings.map((finding) => finding.code)).toContain(code);
      expect(readdirSync(told.path)).toHaveLength(4);
      expect(statSync(told.path).mode & 0o777).toBe(0o700);
    },
    PATIENCE_MS,
  );
});

test(
  'tokens in place of ids join inside one packet and keep what the ticket needs',
  async () => {
    const file = await record('tokens', CASES[1]?.fault as Fault, 'ORDER_STUCK');
    const asked = ['escalate', file, '--out', join(folder, 'tokens'), '--json', '--pseudonymise'];
    const told = JSON.parse((await run(asked)).out) as Told;
    const read = (name: string): string => readFileSync(join(told.path, name), 'utf8');
    const files = ['escalation.md', 'escalation.json', 'window.ndjson', 'manifest.json'].map(read);
    const kept = new Set(told.fields.flatMap(({ value }) => value?.match(new RegExp(UUID, 'g')) ?? []));
    for (const text of files) {
      for (const id of text.match(new RegExp(UUID, 'g')) ?? []) expect(kept).toContain(id);
    }
    const [markdown = '', , window = ''] = files;
    expect(markdown).toMatch(/Pseudonyms: .*ids, by a salt that is kept nowhere/);
    const portfolios = new Set(window.match(/portfolio_[0-9a-f]{6,}/g));
    expect(portfolios.size).toBeGreaterThan(0);
    expect(window).toMatch(/portfolios\/portfolio_[0-9a-f]{6}/);
    const again = JSON.parse((await run(asked)).out) as Told;
    const other = readFileSync(join(again.path, 'window.ndjson'), 'utf8');
    for (const token of portfolios) expect(other).not.toContain(token);
    const report = await run(['report', join(told.path, 'window.ndjson'), '--json']);
    expect(report.out).toContain('ORDER_STUCK');
  },
  PATIENCE_MS,
);
