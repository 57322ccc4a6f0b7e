// The command line: which command gets which flags, what is refused in one sentence with exit code 2, and what each exit code means.

import { describe, expect, test } from 'vitest';
import { EXIT, EXIT_ROWS, exitCodeOf } from '../../src/cli/exit-code.ts';
import { type Commands, parseWatchFlags, runProgram } from '../../src/cli/program.ts';
import { SETTING_ROWS } from '../../src/cli/setting-table.ts';
import { configure } from '../../src/cli/settings.ts';

interface Run {
  code: number;
  called: { command: string; given: unknown[] }[];
  complaints: string[];
}

async function run(...args: string[]): Promise<Run> {
  const called: Run['called'] = [];
  const complaints: string[] = [];
  const commands = new Proxy({} as Commands, {
    get:
      (_, command: string) =>
      (...given: unknown[]) => {
        called.push({ command, given });
        return Promise.resolve(42);
      },
  });
  const code = await runProgram(args, commands, '0.1.0', (sentence) => complaints.push(sentence));
  return { code, called, complaints };
}

describe('a command line that can be read', () => {
  const rows: [args: string[], command: string, given: unknown[]][] = [
    [[], 'watch', [{}]],
    [['watch'], 'watch', [{}]],
    [['--products', 'BTC-USD'], 'watch', [{ products: 'BTC-USD' }]],
    [['watch', '--poll', 'orders=5', '--poll', 'fills=0'], 'watch', [{ poll: ['orders=5', 'fills=0'] }]],
    [
      ['watch', '--no-user', '--no-rest', '--no-heartbeats'],
      'watch',
      [{ user: false, rest: false, heartbeats: false }],
    ],
    [['watch', '--record'], 'watch', [{ record: true }]],
    [['watch', '--record', 'a.ndjson', '--json'], 'watch', [{ record: 'a.ndjson', json: true }]],
    [['demo'], 'demo', [undefined, {}]],
    [['demo', 'story', '--json'], 'demo', ['story', { json: true }]],
    [['demo', '--list'], 'demo', [undefined, { list: true }]],
    [['replay', 'a.ndjson', '--plain'], 'replay', ['a.ndjson', { plain: true }]],
    [['report', 'a.ndjson', '--json'], 'report', ['a.ndjson', { json: true }]],
    [['escalate', 'a.ndjson', '--out', 'd', '--order-id', 'x'], 'escalate', ['a.ndjson', { out: 'd', orderId: 'x' }]],
    [['exchange', '--tls', '--seed', '7'], 'exchange', [{ tls: true, seed: '7' }]],
  ];

  test.each(rows)('cbscope %j', async (args, command, given) => {
    expect(await run(...args)).toEqual({ code: 42, called: [{ command, given }], complaints: [] });
  });

  test('what stands in it can be configured', () => {
    const flags = parseWatchFlags(['--poll', 'orders=3', '--channels', 'ticker', '--no-user', '--reauth', 'never']);
    const read = configure({ ...flags, envFile: '/dev/null' }, {}, true);
    expect(read).toMatchObject({ settings: { channels: ['ticker'], user: false, reauth: 'never' } });
  });

  test('every flag of the settings table is known to watch', async () => {
    for (const { flag } of SETTING_ROWS.filter((row) => row.flag !== '')) {
      const [name = '', value] = flag.split(' ');
      const { complaints } = await run('watch', name, ...(value === undefined || value.startsWith('[') ? [] : ['x']));
      expect(complaints, flag).toEqual([]);
    }
  });
});

describe('a command line that cannot be read', () => {
  const rows: [args: string[], named: RegExp][] = [
    [['watch', '--nonsense'], /--nonsense/],
    [['watch', '--products'], /--products/],
    [['report'], /recording/],
    [['replay'], /recording/],
    [['wacth'], /wacth/],
    [['report', 'a', '--nonsense'], /--nonsense/],
    [['completions', 'powershell'], /^shell 'powershell' is not known; expected one of bash, zsh, fish;/],
  ];

  test.each(rows)('cbscope %j', async (args, named) => {
    const { code, called, complaints } = await run(...args);
    expect(code).toBe(EXIT.usage);
    expect(called).toEqual([]);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(named);
    expect(complaints[0]).toContain('cbscope --help');
    expect(complaints[0]).not.toMatch(/[!\n]/);
  });
});

describe('exit codes', () => {
  test.each([
    [[], EXIT.healthy],
    [['info', 'info'], EXIT.healthy],
    [['info', 'warning'], EXIT.warning],
    [['warning', 'critical', 'info'], EXIT.critical],
  ] as const)('%j is %i', (severities, code) => {
    expect(exitCodeOf(severities)).toBe(code);
  });

  test('are those of the product, each with its meaning', () => {
    expect(EXIT).toEqual({ healthy: 0, internal: 1, usage: 2, critical: 3, warning: 4 });
    expect(EXIT_ROWS.map((row) => row.code)).toEqual([0, 1, 2, 3, 4]);
  });
});
