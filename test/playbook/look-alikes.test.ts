// Pairs with one symptom and two causes: each must be told apart, by code or by party, and the other must not be raised.

import { describe, expect, test } from 'vitest';
import type { KeyDefect } from '../../src/core/fact.ts';
import { BODIES, GOOD_KEY, restOrder, tickerEvents, userEvents, userOrder } from '../support/facts.ts';
import { Story } from '../support/story.ts';

const text = { 'content-type': 'text/plain; charset=utf-8' };
const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' };
const unauthorized = { status: 401, headers: text, body: 'Unauthorized' };
const URI = 'GET api.coinbase.com/api/v3/brokerage/accounts';

/** Critical and warning codes ever raised, as `CODE party`. */
function alarms(story: Story): string[] {
  const loud = story.changes.filter((change) => change.finding.severity !== 'info');
  return [...new Set(loud.map(({ finding }) => `${finding.code} ${finding.party}`))].sort();
}

function up(): Story {
  return new Story().up();
}

describe('401', () => {
  function refused(clockAheadMs: number): Story {
    const story = new Story();
    story.clockAheadMs = clockAheadMs;
    story.polls = { time: false, permissions: false };
    story.begin();
    for (let times = 0; times < 2; times += 1) {
      const claims = story.token(URI, story.serverMs + clockAheadMs, 'rest');
      story.answers('accounts', { ...unauthorized, token: claims });
      story.answers('time', { why: 'clock' });
      story.advance(1_000);
    }
    return story;
  }

  test('by a clock ten seconds ahead, not by the key', () => {
    expect(alarms(refused(10_000))).toEqual(['AUTH_CLOCK_SKEW configuration']);
  });

  test('by a clock three minutes behind, not by the key', () => {
    expect(alarms(refused(-180_000))).toEqual(['AUTH_CLOCK_SKEW configuration']);
  });

  test('by the key, though the clock is 400 ms off', () => {
    expect(alarms(refused(400))).toEqual(['AUTH_REJECTED key']);
  });

  test('of one call alone, while others are accepted: told of that call, and not taken back', () => {
    const story = up();
    for (let times = 0; times < 4; times += 1) {
      story.answers('accounts', { ...unauthorized, why: times === 0 ? 'poll' : 'retry' });
      story.answers('time', { why: 'clock' });
      story.advance(1_000);
      story.answers('orders');
      story.advance(1_000);
    }
    expect(alarms(story)).toEqual(['AUTH_REJECTED key']);
    expect(story.changes.filter(({ status }) => status === 'cleared')).toEqual([]);
    expect(story.changes.at(-1)?.finding).toMatchObject({ confidence: 'low' });
    expect(story.changes.at(-1)?.finding.title).toContain('accepts for other calls');
  });

  test('once, then accepted: neither', () => {
    const story = up();
    story.answers('accounts', unauthorized);
    story.answers('time', { why: 'clock' });
    story.advance(1_000);
    story.answers('accounts', { why: 'retry' });
    story.advance(5_000);
    expect(alarms(story)).toEqual(['AUTH_FLAKY unknown']);
  });
});

describe('1006', () => {
  test('by a reset', () => {
    const story = up();
    story.closes('public', { cause: 'reset', errorCode: 'ECONNRESET' });
    story.advance(1_000);
    expect(alarms(story)).toEqual(['WS_DROPPED network']);
  });

  test('by our own ping timeout on a half-open connection: the silence is the finding', () => {
    const story = up();
    story.sockets.public.flows = { beats: false, data: false, pongs: false };
    story.advance(15_000);
    story.closes('public', { by: 'client', cause: 'ping-timeout' });
    story.advance(2_000);
    expect(alarms(story)).toEqual(['FEED_SILENT network']);
  });

  test('by our own size limit', () => {
    const story = up();
    story.closes('public', { by: 'client', cause: 'too-large', errorCode: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
    story.advance(1_000);
    expect(alarms(story)).toEqual(['WS_TOO_BIG tool']);
  });

  test('while this machine slept', () => {
    const story = up();
    story.tell({ fact: 'machine.slept', forMs: 600_000 });
    story.closes('public', { cause: 'reset' });
    story.closes('user', { cause: 'reset' });
    story.advance(1_000);
    expect(alarms(story).filter((alarm) => !alarm.endsWith(' tool'))).toEqual([]);
  });

  test('asked for by us: nothing', () => {
    const story = up();
    story.closes('public', { by: 'client', cause: 'asked', code: 1000, clean: true });
    story.advance(500);
    story.reopens('public');
    story.advance(5_000);
    expect(alarms(story)).toEqual([]);
  });

  test.each([
    ['asked for', { by: 'client', cause: 'asked', code: 1000, clean: true }, []],
    ['rotated away', { by: 'server', cause: 'close-frame', code: 1001, clean: true }, ['WS_GOING_AWAY public']],
  ] as const)('that was got over long ago is not told again when its socket is closed: %s', (_, how, expected) => {
    const story = up();
    story.closes('public', { cause: 'reset' });
    story.advance(2_000);
    story.reopens('public');
    story.advance(60_000);
    expect(story.openCodes()).toEqual([]);
    const from = story.changes.length;
    story.closes('public', how);
    story.advance(5_000);
    const raised = story.changes.slice(from).filter(({ status }) => status === 'raised');
    expect(raised.map(({ finding }) => finding.key)).toEqual(expected);
  });
});

describe('silence', () => {
  test.each([
    ['pongs still come: the server is mute', true, 'FEED_SILENT coinbase'],
    ['no pongs either: the connection is dead', false, 'FEED_SILENT network'],
  ])('%s', (_, answersPings, alarm) => {
    const story = up();
    story.sockets.public.flows = { beats: false, data: false, pongs: answersPings };
    story.advance(9_000);
    expect(alarms(story)).toEqual([alarm]);
    story.advance(60_000);
    expect(alarms(story)).toEqual([alarm]);
  });

  test('of one channel only: stale', () => {
    const story = up();
    story.sockets.public.flows.data = false;
    story.advance(15_000);
    expect(alarms(story)).toEqual(['FEED_STALE coinbase']);
  });

  test('between the bursts of a calm market: nothing', () => {
    const story = up();
    for (let burst = 0; burst < 6; burst += 1) {
      story.sockets.public.flows.data = false;
      for (let tick = 0; tick < 30; tick += 1) story.frame('public', 'ticker', tickerEvents('BTC-USD', 91_252 + tick));
      story.advance(9_000 + burst * 3_000);
    }
    expect(alarms(story)).toEqual([]);
  });

  test('of the user channel: no orders, no alarm', () => {
    const story = up();
    story.advance(120_000);
    expect(alarms(story)).toEqual([]);
  });

  test('of everything while our own loop was blocked: ours', () => {
    const story = up();
    const flows = { beats: false, data: false, pongs: false };
    story.sockets.public.flows = { ...flows };
    story.sockets.user.flows = { ...flows };
    story.lagMs = 1_000;
    story.advance(9_000);
    expect(alarms(story)).toEqual([]);
    expect(story.openCodes()).toEqual(['SELF_LAGGING']);
  });

  test('without heartbeats asked for: no alarm', () => {
    const story = new Story().begin({ heartbeats: false });
    story.opens('public');
    story.asks('public', 'status');
    story.advance(30_000);
    expect(alarms(story)).toEqual([]);
  });
});

describe('a beat that is not there', () => {
  test('late while other frames flow', () => {
    const story = up();
    story.sockets.public.flows.beats = false;
    story.advance(5_000);
    expect(alarms(story)).toEqual(['HEARTBEAT_LATE coinbase']);
  });

  test('late because our loop was late', () => {
    const story = up();
    story.sockets.public.flows.beats = false;
    story.lagMs = 2_500;
    story.advance(4_000);
    story.sockets.public.flows.beats = true;
    story.sockets.public.counter += 4;
    story.advance(1_000);
    story.lagMs = 3;
    expect(alarms(story).filter((alarm) => alarm.startsWith('HEARTBEAT_LATE'))).toEqual([]);
  });

  test('skipped by the server: the sequence is whole', () => {
    const story = up();
    story.sockets.public.counter += 1;
    story.advance(2_000);
    expect(alarms(story)).toEqual(['HEARTBEAT_SKIPPED coinbase']);
  });

  test('lost on the way: the sequence has a gap', () => {
    const story = up();
    story.sockets.public.counter += 1;
    story.sockets.public.sequence += 1;
    story.advance(2_000);
    expect(alarms(story)).toEqual(['SEQUENCE_GAP network']);
  });

  test('a counter that starts anew on a new socket is no skip', () => {
    const story = up();
    story.closes('public', { by: 'client', cause: 'asked', code: 1000, clean: true });
    story.reopens('public');
    story.sockets.public.counter = 9_000_000;
    story.advance(5_000);
    expect(alarms(story)).toEqual([]);
  });
});

describe('403', () => {
  const body = '{"error":"unknown","error_details":"Missing required scopes","message":"Missing required scopes"}';

  test.each([
    ['missing scope', { status: 403, headers: json, body }, ['SCOPE_VIEW key']],
    ['penalty', { status: 403, headers: text, body: 'Too many errors' }, ['ACCESS_PENALTY configuration']],
    [
      'page of the edge',
      { status: 403, headers: html, body: '<html><title>Attention</title>' },
      ['EDGE_BLOCKED network'],
    ],
  ])('%s', (_, answer, expected) => {
    const story = up();
    story.polls = { time: false, permissions: false };
    story.answers('accounts', answer);
    story.advance(5_000);
    expect(alarms(story)).toEqual(expected);
  });
});

describe('503 with a page, three times', () => {
  const thrice = (answer: { headers: Record<string, string>; body: string }): Story => {
    const story = up();
    for (let times = 0; times < 3; times += 1) {
      story.answers('accounts', { status: 503, ...answer });
      story.advance(2_000);
    }
    return story;
  };

  test.each([
    ['a header', { headers: { ...html, 'cf-mitigated': 'challenge' }, body: '<html><title>Wait</title></html>' }],
    ['its title', { headers: html, body: '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>' }],
    [
      'its script',
      { headers: html, body: '<html><script src="/cdn-cgi/challenge-platform/h/b/x.js"></script></html>' },
    ],
  ])('that %s tells for a challenge is the edge, and no server error', (_, answer) =>
    expect(alarms(thrice(answer))).toEqual(['EDGE_BLOCKED network']),
  );

  test('that asks nothing of the reader is the server', () =>
    expect(alarms(thrice({ headers: html, body: '<html><title>Service unavailable</title></html>' }))).toEqual([
      'SERVER_ERRORS coinbase',
    ]));

  test('on an upgrade: challenge or fault', () => {
    const told = (body: string): string[] => {
      const story = new Story();
      story.begin();
      story.refuses('public', 503, body, html);
      story.advance(2_000);
      return alarms(story);
    };
    expect(told('<html><head><title>Just a moment...</title>')).toEqual(['EDGE_BLOCKED network']);
    expect(told('<html><head><title>503</title>')).toEqual(['WS_UPGRADE_REFUSED coinbase']);
  });
});

describe('429 in its three bodies, and its look-alikes', () => {
  test.each([
    ['JSON', json, '{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}'],
    ['HTML', html, '<html><head><title>Coinbase</title></head></html>'],
    ['empty', text, ''],
  ])('%s', (_, headers, body) => {
    const story = up();
    story.polls = { time: false, permissions: false };
    story.answers('accounts', { status: 429, headers, body });
    story.advance(5_000);
    expect(alarms(story)).toEqual(['RATE_LIMITED configuration']);
  });

  test('the same page with 502 three times is the server', () => {
    const story = up();
    for (let times = 0; times < 3; times += 1) {
      story.answers('accounts', {
        status: 502,
        headers: html,
        body: '<html><head><title>Coinbase</title></head></html>',
      });
      story.advance(2_000);
    }
    expect(alarms(story)).toEqual(['SERVER_ERRORS coinbase']);
  });

  test('one 503 is nothing', () => {
    const story = up();
    story.answers('accounts', { status: 503, headers: text, body: 'go/sg/0000' });
    story.advance(2_000);
    story.answers('accounts', { why: 'retry' });
    story.advance(2_000);
    expect(alarms(story)).toEqual([]);
  });
});

describe('closed early', () => {
  function opens(refusal: boolean): Story {
    const story = new Story().begin();
    story.opens('user');
    story.asks('user', 'heartbeats');
    story.asks('user', 'user', { token: story.token(null), answer: refusal ? 'authentication failure' : 'ack' });
    story.advance(1_000);
    story.closes('user', { code: 1000, by: 'server', clean: true, cause: 'close-frame' });
    story.advance(1_000);
    return story;
  }

  test('clean 1000 after an authentication failure names the failure', () => {
    const story = opens(true);
    const early = story.finding('WS_CLOSED_EARLY');
    expect(early?.title).toContain('authentication failure');
    expect(alarms(story)).toEqual(['WS_CLOSED_EARLY unknown']);
  });

  test('clean 1000 after an accepted subscribe: why is not known', () => {
    const early = opens(false).finding('WS_CLOSED_EARLY');
    expect(early).toMatchObject({ party: 'unknown', confidence: 'low' });
  });

  test('three times in a minute: the loop stands beside it, the early close is not folded away', () => {
    const story = up();
    for (let times = 0; times < 3; times += 1) {
      story.closes('user', { code: 1000, by: 'server', clean: true, cause: 'close-frame' });
      story.advance(1_500);
      story.opens('user');
      story.asks('user', 'heartbeats');
      story.advance(1_000);
    }
    story.closes('user', { code: 1000, by: 'server', clean: true, cause: 'close-frame' });
    story.advance(500);
    expect(story.openCodes()).toEqual(['WS_CLOSED_EARLY', 'WS_RECONNECT_LOOP']);
  });

  test('three asked-for closes are no loop', () => {
    const story = up();
    for (let times = 0; times < 4; times += 1) {
      story.closes('user', { code: 1000, by: 'client', clean: true, cause: 'asked' });
      story.reopens('user');
      story.advance(3_000);
    }
    expect(alarms(story)).toEqual([]);
  });
});

describe('authentication failure on the public socket', () => {
  test('to an unknown channel name', () => {
    const story = up();
    story.asks('public', 'heartbeat', { answer: 'authentication failure' });
    story.advance(5_000);
    expect(alarms(story)).toEqual(['WS_BAD_CHANNEL configuration']);
  });

  test('to an unknown channel name, signed, again and again, without REST', () => {
    const story = new Story().begin({ signPublic: true, rest: false, channels: ['ticker', 'tickers'] });
    story.polls = { time: false, permissions: false };
    story.opens('public');
    story.asks('public', 'heartbeats');
    story.asks('public', 'ticker', { token: story.token(null), products: ['BTC-USD'] });
    for (let times = 0; times < 3; times += 1) {
      story.asks('public', 'tickers', { token: story.token(null), answer: 'authentication failure' });
      story.advance(3_000);
    }
    expect(alarms(story)).toEqual(['WS_BAD_CHANNEL configuration']);
  });

  test('to a bad token on a good channel, while REST takes the key', () => {
    const story = up();
    for (let times = 0; times < 2; times += 1) {
      story.asks('public', 'candles', {
        token: story.token(null, story.serverMs, 'public'),
        answer: 'authentication failure',
      });
      story.answers('time', { why: 'clock' });
      story.advance(1_000);
    }
    story.advance(2_000);
    expect(alarms(story)).toEqual(['WS_AUTH_FAILURE key']);
  });

  test('to a token of a clock that is ahead', () => {
    const story = new Story();
    story.clockAheadMs = 20_000;
    story.begin({ signPublic: true });
    story.polls = { time: false, permissions: false };
    story.opens('public');
    story.asks('public', 'heartbeats');
    const claims = story.token(null, story.serverMs + 20_000, 'public');
    story.asks('public', 'ticker', { token: claims, answer: 'authentication failure' });
    story.answers('time', { why: 'clock' });
    story.advance(1_000);
    expect(alarms(story)).toEqual(['AUTH_CLOCK_SKEW configuration']);
  });
});

describe('authentication failure to one private channel of two', () => {
  function refused(rest: boolean): Story {
    const story = new Story().begin({ rest, channels: ['ticker', 'user', 'futures_balance_summary'] });
    if (!rest) story.polls = { time: false, permissions: false };
    story.opens('user');
    story.asks('user', 'heartbeats');
    story.asks('user', 'user', { token: story.token(null) });
    for (let times = 0; times < 2; times += 1) {
      story.asks('user', 'futures_balance_summary', { token: story.token(null), answer: 'authentication failure' });
      story.answers('time', { why: 'clock' });
      story.advance(1_000);
    }
    return story;
  }

  test.each([true, false])('is that channel’s, not the key’s (REST: %s)', (rest) => {
    const story = refused(rest);
    expect(alarms(story)).toEqual(['WS_AUTH_FAILURE key']);
    expect(story.changes.at(-1)?.finding.title).toContain('futures_balance_summary');
  });
});

describe('an order the sources disagree on', () => {
  function filledThenPolled(polls: string[], everyMs = 10_000): Story {
    const story = up();
    story.frame('user', 'user', userEvents([userOrder('OPEN')]));
    story.advance(3_000);
    story.frame('user', 'user', userEvents([userOrder('FILLED')]));
    story.advance(1_000);
    for (const status of polls) {
      story.answers('orders', { body: BODIES.orders([restOrder(status)]) });
      story.advance(everyMs);
    }
    return story;
  }

  test('for one poll: lag, no finding', () => {
    expect(alarms(filledThenPolled(['OPEN', 'FILLED']))).toEqual([]);
  });

  test('for five polls within four seconds: still lag', () => {
    expect(alarms(filledThenPolled(['OPEN', 'OPEN', 'OPEN', 'OPEN', 'OPEN', 'FILLED'], 800))).toEqual([]);
  });

  test('for two polls and ten seconds: stuck', () => {
    expect(alarms(filledThenPolled(['OPEN', 'OPEN', 'OPEN']))).toEqual(['ORDER_STUCK coinbase']);
  });

  test('a stop order may be PENDING for ever', () => {
    const story = up();
    const stop = { order_type: 'STOP_LIMIT', trigger_status: 'STOP_PENDING' };
    for (let poll = 0; poll < 6; poll += 1) {
      story.answers('orders', { body: BODIES.orders([restOrder('PENDING', stop)]) });
      story.advance(10_000);
    }
    expect(alarms(story)).toEqual([]);
  });

  test('REST saw it PENDING and was then silent, the user channel says OPEN: not stuck', () => {
    const story = up();
    story.frame('user', 'user', userEvents([userOrder('PENDING')]));
    story.answers('orders', { body: BODIES.orders([restOrder('PENDING')]) });
    story.advance(1_000);
    story.frame('user', 'user', userEvents([userOrder('OPEN')]));
    story.advance(60_000);
    expect(alarms(story)).toEqual([]);
  });
});

describe('a cancel that is queued', () => {
  test.each([
    ['days', { created_time: '2026-11-18T08:00:00Z' }],
    ['days, and whose update stamp is not of the cancel', { last_update_time: '2026-11-18T08:00:00Z' }],
  ])('of an order that rested for %s: not stuck before thirty seconds are over', (_, old) => {
    const story = up();
    story.answers('orders', { body: BODIES.orders([restOrder('OPEN', old)]) });
    story.frame('user', 'user', userEvents([userOrder('CANCEL_QUEUED')]));
    story.advance(2_000);
    story.answers('orders', { body: BODIES.orders([restOrder('CANCEL_QUEUED', old)]) });
    story.advance(8_000);
    story.frame('user', 'user', userEvents([userOrder('CANCELLED')]));
    story.advance(60_000);
    expect(alarms(story)).toEqual([]);
  });

  test('and stays so: stuck', () => {
    const story = up();
    story.frame('user', 'user', userEvents([userOrder('CANCEL_QUEUED')]));
    story.advance(33_000);
    expect(alarms(story)).toEqual(['ORDER_STUCK coinbase']);
  });
});

test.each([
  [['literal-backslash-n', 'quotes-kept'], /^The secret’s line breaks are damaged/],
  [['quotes-kept'], /^The secret is not written as it was downloaded/],
  [['swapped'], /^Key id and secret have changed places/],
] as [KeyDefect[], RegExp][])('a secret repaired of %j is told by what was wrong with it', (defects, title) => {
  const story = new Story().begin({}, { ...GOOD_KEY, repaired: true, defects });
  expect(story.changes[0]?.finding.title).toMatch(title);
});

describe('closed at the end of a token', () => {
  const endAfter = (renewed: boolean): string => {
    const story = new Story().up({ reauth: 'never' });
    const endsAt = (story.engine.model.connections.user.token?.exp ?? 0) * 1_000;
    story.advance(endsAt - story.serverMs - 20_000);
    if (renewed) story.asks('user', 'user', { token: story.token(null) });
    story.advance(endsAt - story.serverMs + 300);
    story.closes('user', { cause: 'fin-without-close-frame' });
    expect(alarms(story)).toEqual(['WS_JWT_EXPIRED configuration']);
    return story.changes.at(-1)?.finding.title ?? '';
  };

  test('that was the last', () => expect(endAfter(false)).toContain('was not renewed'));
  test('though a newer one was sent: held to the first', () => expect(endAfter(true)).toContain('reconnect instead'));
});

describe('accounts beside the breakdown', () => {
  type Row = Record<string, unknown>;
  function polled(more: (row: Row) => Row[]): Story {
    const story = up();
    const { accounts } = JSON.parse(BODIES.accounts()) as { accounts: Row[] };
    const body = JSON.stringify({ accounts: accounts.flatMap(more), has_next: false, cursor: '' });
    for (let round = 0; round < 3; round += 1) {
      story.answers('accounts', { body });
      story.answers('portfolio');
      story.advance(10_000);
    }
    return story;
  }
  const extra = (amount: string, changes: Row) => (row: Row) => {
    const balance = { value: amount, currency: row['currency'] };
    return row['currency'] === 'USD' ? [row, { ...row, uuid: 'x', available_balance: balance, ...changes }] : [row];
  };

  test.each([
    ['cash in the futures wallet', '500', { platform: 'ACCOUNT_PLATFORM_CFM_CONSUMER', hold: { value: '0' } }, []],
    ['dust that is worth no position', '0.00000012', { currency: 'SHIB', hold: { value: '0' } }, []],
    ['a second wallet that is not in it', '500', { hold: { value: '0' } }, ['BALANCE_MISMATCH coinbase']],
    ['an asset that is not in it', '3', { currency: 'SOL', hold: { value: '0' } }, ['BALANCE_MISMATCH coinbase']],
  ])('%s', (_, amount, changes, expected) => expect(alarms(polled(extra(amount, changes)))).toEqual(expected));
});

describe('a counter that jumps by two', () => {
  const beats = (uptimes: number[], counterOf: (uptime: number) => number): Story => {
    const story = up();
    story.sockets.public.flows.beats = false;
    for (const uptime of uptimes) {
      const current_time = `2026-11-20 14:31:00.25788961 +0000 UTC m=+${uptime}`;
      story.frame('public', 'heartbeats', [{ current_time, heartbeat_counter: counterOf(uptime) }]);
      story.advance(1_000);
    }
    return story;
  };

  test('because a beat came 1.002 s later and its uptime is cut to whole seconds: nothing', () =>
    expect(alarms(beats([200_000.5, 200_001.998, 200_003.001, 200_004.002], Math.floor))).toEqual([]));

  test('though hardly more than a second of uptime went by: skipped', () => {
    const counterOf = (uptime: number): number => Math.floor(uptime) + (uptime > 200_002 ? 1 : 0);
    expect(alarms(beats([200_000.2, 200_001.2, 200_002.2, 200_003.2], counterOf))).toEqual([
      'HEARTBEAT_SKIPPED coinbase',
    ]);
  });
});

describe('a number that jumps', () => {
  test('the first number of a session may be anything', () => {
    const story = new Story().begin();
    story.opens('public');
    story.sockets.public.sequence = 4_711;
    story.asks('public', 'heartbeats');
    story.asks('public', 'ticker', { products: ['BTC-USD', 'ETH-USD'] });
    story.advance(10_000);
    expect(alarms(story)).toEqual([]);
  });

  test('an in-band error uses up no number', () => {
    const story = up();
    story.receives('public', '{"type":"error","message":"failure to subscribe"}');
    story.advance(3_000);
    expect(alarms(story)).toEqual(['WS_ERROR_FRAME unknown']);
  });
});
