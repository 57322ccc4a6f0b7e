// What the program wants done, told as commands: reconnecting and backing off, renewing tokens, measuring the clock, retrying, polling,
// holding back. No socket, no timer: a story and the commands that it called for.

import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import { NO_KEY, userEvents, userOrder } from '../support/facts.ts';
import { Story } from '../support/story.ts';

const text = { 'content-type': 'text/plain' };
const unauthorized = { status: 401, headers: text, body: 'Unauthorized' };

/** What is due after so many seconds is done at the next tick; the stories start between two. */
function atTheTickAfter(seconds: number): number {
  return seconds + 1;
}

function commandsDuring(story: Story, run: () => void): Command[] {
  const before = story.commands.length;
  run();
  return story.commands.slice(before);
}

/** The members of the union that this name can be, also where a member has two names. */
type Named<Name, Each = Command> = Each extends { command: infer Own } ? (Name extends Own ? Each : never) : never;

function only<Name extends Command['command']>(commands: Command[], name: Name): Named<Name>[] {
  return commands.filter((command) => command.command === name) as Named<Name>[];
}

describe('starting', () => {
  test('connects what is asked for and starts every poll at its pace', () => {
    const story = new Story().begin();
    expect(only(story.commands, 'connect').map((command) => command.connection)).toEqual(['public', 'user']);
    const paces = Object.fromEntries(only(story.commands, 'poll').map(({ name, everyMs }) => [name, everyMs]));
    expect(paces).toEqual({
      time: 10_000,
      key_permissions: 60_000,
      accounts: 30_000,
      orders: 10_000,
      fills: 30_000,
      products: 60_000,
      portfolio: 60_000,
    });
  });

  test('without a key leaves the user socket closed', () => {
    const story = new Story().begin({}, NO_KEY);
    expect(only(story.commands, 'connect').map((command) => command.connection)).toEqual(['public']);
  });

  test('--no-user, --no-rest and no public channel open nothing of theirs', () => {
    expect(new Story().begin({ user: false, rest: false, channels: ['ticker'] }).commands).toEqual([
      { command: 'connect', connection: 'public', attempt: 1 },
    ]);
  });

  test.each([
    ['heartbeats come first', { channels: ['ticker', 'user'] }, 'public', ['heartbeats', 'ticker']],
    ['an unknown name goes to the public socket', { channels: ['tickers'] }, 'public', ['heartbeats', 'tickers']],
    ['the user socket keeps user', { channels: ['ticker'] }, 'user', ['heartbeats', 'user']],
    [
      'but not beside a channel of its own',
      { channels: ['futures_balance_summary'] },
      'user',
      ['heartbeats', 'futures_balance_summary'],
    ],
    ['--no-heartbeats', { heartbeats: false, channels: ['ticker'] }, 'public', ['ticker']],
    [
      'heartbeats asked for by name',
      { heartbeats: false, channels: ['heartbeats', 'user'] },
      'user',
      ['heartbeats', 'user'],
    ],
  ] as const)('%s', (_, settings, name, expected) => {
    const story = new Story().begin({ ...settings, channels: [...settings.channels] });
    const asked = only(
      commandsDuring(story, () => story.opens(name)),
      'subscribe',
    );
    expect(asked.map((command) => command.channel)).toEqual(expected);
  });

  test('signs private channels, and public ones only with --sign-public', () => {
    const signed = (signPublic: boolean): Record<string, boolean> => {
      const story = new Story().begin({ signPublic });
      story.opens('public');
      story.opens('user');
      return Object.fromEntries(only(story.commands, 'subscribe').map((each) => [each.channel, each.signed]));
    };
    expect(signed(false)).toEqual({ heartbeats: false, ticker: false, user: true });
    expect(signed(true)).toEqual({ heartbeats: false, ticker: true, user: true });
  });

  test('never signs for a host in plain text', () => {
    const story = new Story();
    const userUrl = 'ws://10.0.0.7:9443';
    story.begin({ userUrl, signPublic: true, publicUrl: userUrl }, undefined, { plainTextHosts: ['10.0.0.7:9443'] });
    story.opens('user');
    story.opens('public');
    story.tell({ fact: 'user.asked', action: 'new-token', detail: 'user' });
    story.advance(200_000);
    expect(only(story.commands, 'subscribe').filter((command) => command.signed)).toEqual([]);
  });
});

describe('reconnecting', () => {
  const clean = { by: 'server', clean: true, cause: 'close-frame' } as const;

  test.each([
    ['1000', { ...clean, code: 1000 }],
    ['1001', { ...clean, code: 1001 }],
    ['1006', {}],
    ['our own ping timeout', { by: 'client', cause: 'ping-timeout' }],
  ] as const)('after %s', (_, how) => {
    const story = new Story().up();
    const [command, ...others] = commandsDuring(story, () => story.closes('public', how));
    expect(command).toMatchObject({
      command: 'reconnect',
      connection: 'public',
      baseMs: 500,
      capMs: 30_000,
      floorMs: 0,
    });
    expect(others).toEqual([]);
  });

  test('after an upgrade refused waits at least five seconds, and as long as retry-after says', () => {
    const story = new Story().begin();
    const floor = (run: () => void): number => only(commandsDuring(story, run), 'reconnect')[0]?.floorMs ?? -1;
    expect(floor(() => story.refuses('public', 503))).toBe(5_000);
    expect(floor(() => story.refuses('public', 429, '', { 'retry-after': '17' }))).toBe(17_000);
    expect(floor(() => story.refuses('public', 429, '', { 'retry-after': '999999' }))).toBe(600_000);
    expect(floor(() => story.refuses('public', 403, '<html>'))).toBeGreaterThanOrEqual(30_000);
  });

  test('what we ended ourselves comes back at once, as a first attempt', () => {
    const story = new Story().up();
    const asked = commandsDuring(story, () => story.tell({ fact: 'user.asked', action: 'reconnect', detail: 'user' }));
    expect(asked).toEqual([{ command: 'disconnect', connection: 'user', reason: 'asked by the user' }]);
    const closed = commandsDuring(story, () =>
      story.closes('user', { by: 'client', cause: 'asked', code: 1000, clean: true }),
    );
    expect(closed).toEqual([{ command: 'connect', connection: 'user', attempt: 1 }]);
  });

  test('attempts grow while it fails and begin anew after ten good seconds', () => {
    const story = new Story().up();
    story.advance(12_000);
    const attempts = (): number[] => only(story.commands, 'reconnect').map((command) => command.attempt);
    story.closes('public');
    for (let times = 0; times < 4; times += 1) {
      story.advance(1_000);
      story.cannotConnect('public', 'tcp', 'ECONNREFUSED');
    }
    expect(attempts()).toEqual([1, 2, 3, 4, 5]);
    story.reopens('public');
    story.advance(5_000);
    story.closes('public');
    expect(attempts().at(-1)).toBe(6);
    story.reopens('public');
    story.advance(12_000);
    story.closes('public');
    expect(attempts().at(-1)).toBe(1);
  });

  test('waits for the end of a penalty', () => {
    const story = new Story().up();
    story.answers('accounts', { status: 403, headers: text, body: 'Too many errors' });
    story.advance(10_000);
    const [command] = only(
      commandsDuring(story, () => story.closes('public')),
      'reconnect',
    );
    expect(command?.floorMs).toBe(50_000);
  });

  test('asks for nothing once the session is over', () => {
    const story = new Story().up();
    story.tell({ fact: 'session.ended', reason: 'quit' });
    expect(commandsDuring(story, () => story.closes('public'))).toEqual([]);
  });

  test('c while a connection is being made asks for no second one', () => {
    const story = new Story().begin();
    const url = 'wss://advanced-trade-ws.coinbase.com';
    story.tell({
      fact: 'socket.connecting',
      connection: 'public',
      url,
      host: 'advanced-trade-ws.coinbase.com',
      attempt: 1,
    });
    const asked = (): Command[] =>
      commandsDuring(story, () => story.tell({ fact: 'user.asked', action: 'reconnect', detail: 'public' }));
    expect(asked()).toEqual([]);
  });
});

describe('tokens', () => {
  /** Milliseconds before the token's end at which the first command of renewal came, and that command. */
  function renewal(reauth: 'resubscribe' | 'reconnect' | 'never'): { leftMs: number; command: Command } | null {
    const story = new Story().up({ reauth });
    const exp = (story.engine.model.connections.user.token?.exp ?? 0) * 1_000;
    for (let second = 0; second < 130; second += 1) {
      const [command] = commandsDuring(story, () => story.advance(1_000)).filter((each) => 'connection' in each);
      if (command !== undefined) return { leftMs: exp - story.serverMs, command };
    }
    return null;
  }

  test('are renewed 20 s before their end by subscribing again', () => {
    const found = renewal('resubscribe');
    expect(found?.command).toMatchObject({ command: 'subscribe', connection: 'user', channel: 'user', signed: true });
    expect(found?.leftMs).toBeLessThanOrEqual(20_000);
    expect(found?.leftMs).toBeGreaterThan(18_000);
  });

  test('or by a new connection', () => {
    const found = renewal('reconnect');
    expect(found?.command).toEqual({ command: 'disconnect', connection: 'user', reason: 'renewing the token' });
    expect(found?.leftMs).toBeGreaterThan(18_000);
  });

  test('or never', () => {
    expect(renewal('never')).toBeNull();
  });

  test('are judged by server time, not by a clock that is two minutes wrong', () => {
    const story = new Story();
    story.clockAheadMs = 120_000;
    story.up();
    const exp = (story.engine.model.connections.user.token?.exp ?? 0) * 1_000;
    story.advance(exp - story.serverMs - 25_000);
    expect(
      only(
        commandsDuring(story, () => story.advance(1_000)),
        'subscribe',
      ),
    ).toEqual([]);
    expect(
      only(
        commandsDuring(story, () => story.advance(6_000)),
        'subscribe',
      ).length,
    ).toBe(1);
  });

  test('a refused subscribe measures the clock, then is tried again ever more slowly', () => {
    const story = new Story().begin();
    story.polls = { time: false, permissions: false };
    story.opens('user');
    story.asks('user', 'heartbeats');
    const gaps: number[] = [];
    const first = commandsDuring(story, () =>
      story.asks('user', 'user', { token: story.token(null), answer: 'authentication failure' }),
    );
    expect(first.map((command) => command.command)).toContain('measure-clock');
    for (let times = 0; times < 6; times += 1) {
      const sinceT = story.t;
      while (
        only(
          commandsDuring(story, () => story.advance(1_000)),
          'subscribe',
        ).length === 0
      )
        expect(story.t - sinceT).toBeLessThan(70_000);
      gaps.push(Math.round((story.t - sinceT) / 1_000));
      story.asks('user', 'user', { token: story.token(null), answer: 'authentication failure' });
    }
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32].map(atTheTickAfter));
  });

  test('of two private channels only the refused one is tried again, as slowly as if it were alone', () => {
    const story = new Story().begin({ channels: ['user', 'futures_balance_summary'] });
    story.polls = { time: false, permissions: false };
    story.opens('user');
    story.asks('user', 'heartbeats');
    story.asks('user', 'user', { token: story.token(null) });
    const gaps: number[] = [];
    for (let times = 0; times < 5; times += 1) {
      story.asks('user', 'futures_balance_summary', { token: story.token(null), answer: 'authentication failure' });
      const sinceT = story.t;
      const asked: string[] = [];
      while (asked.length === 0 && story.t - sinceT < 70_000) {
        const commands = commandsDuring(story, () => story.advance(1_000));
        asked.push(...only(commands, 'subscribe').map(({ channel }) => channel));
      }
      expect(asked).toEqual(['futures_balance_summary']);
      gaps.push(Math.round((story.t - sinceT) / 1_000));
      story.frame('user', 'user', userEvents([userOrder('OPEN')]));
    }
    expect(gaps).toEqual([1, 2, 4, 8, 16].map(atTheTickAfter));
  });
});

describe('REST', () => {
  function retriesOf(story: Story, endpoint: string, seconds: number): number[] {
    const atS: number[] = [];
    for (let second = 1; second <= seconds; second += 1) {
      const polls = only(
        commandsDuring(story, () => story.advance(1_000)),
        'poll',
      );
      if (polls.some((command) => command.name === endpoint)) atS.push(second);
    }
    return atS;
  }

  test('the first 401 measures the clock and is tried again after a second', () => {
    const story = new Story().up();
    const commands = commandsDuring(story, () => story.answers('accounts', unauthorized));
    expect(commands).toEqual([{ command: 'measure-clock', reason: '401' }]);
    expect(retriesOf(story, 'accounts', 3)).toEqual([atTheTickAfter(1)]);
  });

  test('5xx is tried again after 1, 2, 4, 8 … seconds', () => {
    const story = new Story().up();
    const waits = [0, 1, 2, 3].map(() => {
      story.answers('accounts', { status: 503, headers: text, body: '' });
      return retriesOf(story, 'accounts', 20)[0];
    });
    expect(waits).toEqual([1, 2, 4, 8].map(atTheTickAfter));
  });

  test('a failed request is tried again too', () => {
    const story = new Story().up();
    story.fails('accounts', 'ECONNRESET', 'response');
    expect(retriesOf(story, 'accounts', 5)).toEqual([atTheTickAfter(1)]);
  });

  test('a poll that is off is not tried again', () => {
    const polls = { time: 10, key_permissions: 60, accounts: 0, orders: 10, fills: 30, products: 60, portfolio: 60 };
    const story = new Story().up({ polls });
    story.answers('accounts', { status: 500, headers: text, body: '' });
    expect(retriesOf(story, 'accounts', 10)).toEqual([]);
  });

  test('429 pauses: 2, 4, 8 … seconds, retry-after when it is longer', () => {
    const story = new Story().up();
    const pause = (headers: Record<string, string>): number => {
      const [command] = only(
        commandsDuring(story, () => story.answers('accounts', { status: 429, headers, body: '' })),
        'pause-rest',
      );
      const waitMs = (command?.untilT ?? story.t) - story.t;
      story.advance(waitMs + 1);
      return waitMs;
    };
    story.polls = { time: false, permissions: false };
    expect([pause(text), pause(text), pause(text)]).toEqual([2_000, 4_000, 8_000]);
    expect(pause({ 'retry-after': '45' })).toBe(45_000);
  });

  test.each(['Too many errors', '{"error":"too_many_errors"}', 'Temporarily blocked'])(
    '%s pauses everything for a minute, and nothing is retried meanwhile',
    (body) => {
      const story = new Story().up();
      story.polls = { time: false, permissions: false };
      story.answers('orders', { status: 500, headers: text, body: '' });
      const t = story.t;
      const [command] = only(
        commandsDuring(story, () => story.answers('accounts', { status: 403, headers: text, body })),
        'pause-rest',
      );
      expect(command).toMatchObject({ reason: 'penalty' });
      expect((command?.untilT ?? 0) - t).toBeGreaterThanOrEqual(60_000);
      expect(retriesOf(story, 'orders', 58)).toEqual([]);
      expect(retriesOf(story, 'orders', 5).length).toBe(1);
    },
  );
});
