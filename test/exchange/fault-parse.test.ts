// Faults and scenarios read from outside: good ones pass unchanged, bad ones are explained in a sentence.
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/exchange/fault.ts';
import { findProduct } from '../../src/exchange/products.ts';
import { parseScenario } from '../../src/exchange/scenario.ts';
import { findScenario, scenarios } from '../../src/exchange/scenarios.ts';

describe('a fault', () => {
  test('that is right passes unchanged', () => {
    const fault = { kind: 'drop', on: 'public', frames: 2, channel: 'ticker' };
    expect(parseFault(fault)).toBe(fault);
  });

  test.each([
    [null, /JSON object with a "kind"/],
    [[], /JSON object/],
    [{ kind: 'explode' }, /Unknown fault kind "explode"; expected one of close, cut/],
    [{ kind: 'toString' }, /Unknown fault kind/],
    [{ kind: 'drop' }, /"drop" needs "frames": a whole number above 0/],
    [{ kind: 'drop', frames: 0 }, /"drop", field "frames": expected a whole number above 0, got 0/],
    [{ kind: 'drop', frames: 1, speed: 3 }, /has no field "speed"; its fields are on, frames, channel/],
    [{ kind: 'close', code: 1005 }, /close code/],
    [{ kind: 'close', code: 1000, on: 'rest' }, /one of public, user, both/],
    [{ kind: 'mismatch', asset: 'BTC', amount: 1 }, /decimal in quotes/],
    [{ kind: 'rest-status', status: 99 }, /HTTP status/],
  ])('%j is explained', (value, problem) => {
    expect(parseFault(value)).toMatchObject({ problem: expect.stringMatching(problem) });
  });
});

describe('a scenario', () => {
  const good = findScenario('sequence-gap');

  test.each([
    ['nothing', null, /JSON object/],
    ['a bad name', { ...good, name: 'Not Kebab' }, /kebab-case/],
    ['an unknown key', { ...good, client: { key: 'gold', args: [], env: {} } }, /"gold"; expected one of es256/],
    [
      'a bad step',
      { ...good, steps: [{ atSeconds: 1, fault: { kind: 'drop' } }] },
      /^Step 1: Fault "drop" needs "frames"/,
    ],
    ['a step without time', { ...good, steps: [{ fault: { kind: 'disable-key' } }] }, /^Step 1 needs "atSeconds"/],
    ['an unknown knob', { ...good, exchange: { overrides: { speed: 1 } } }, /no field "speed"/],
    ['an unknown field', { ...good, colour: 'red' }, /no field "colour"/],
    ['no expectation', { ...good, expect: [{}] }, /"expect"/],
  ])('with %s is explained', (_name, value, problem) => {
    expect(parseScenario(value)).toMatchObject({ problem: expect.stringMatching(problem) });
  });
});

describe('the built-in scenarios', () => {
  const wanted =
    `AUTH_NO_CREDENTIALS AUTH_LEGACY_KEY AUTH_HMAC_MIXED AUTH_SECRET_NEWLINES AUTH_SECRET_UNREADABLE AUTH_KEY_TYPE
    AUTH_CLOCK_SKEW AUTH_REJECTED AUTH_FLAKY SCOPE_VIEW SCOPE_TRADE SCOPE_TRANSFER SCOPE_PORTFOLIO ACCESS_PENALTY EDGE_BLOCKED
    WS_WRONG_HOST WS_BAD_CHANNEL WS_AUTH_FAILURE WS_JWT_EXPIRED WS_IDLE_CLOSE WS_CLOSED_EARLY WS_CLOSED_CLEAN WS_GOING_AWAY
    WS_DROPPED WS_POLICY WS_TOO_BIG WS_SERVER_FAULT WS_RECONNECT_LOOP WS_UPGRADE_REFUSED WS_ERROR_FRAME WS_SUBSCRIPTION_IGNORED
    WS_L2_LIMIT WS_RATE_LIMITED FEED_SILENT FEED_STALE HEARTBEAT_LATE HEARTBEAT_SKIPPED SEQUENCE_GAP SEQUENCE_REPEAT
    FRAME_MALFORMED RATE_LIMITED RATE_POLLING RATE_HEADROOM_LOW SERVER_ERRORS ORDER_STUCK BALANCE_MISMATCH NET_DNS NET_REFUSED
    NET_TIMEOUT NET_TLS NET_RESET`.split(/\s+/);

  test('cover the findings that a server or a configuration can bring about', () => {
    const covered = new Set(scenarios.map((s) => s.code));
    expect(wanted.filter((code) => !covered.has(code))).toEqual([]);
  });

  test('have names of their own, and expect their code within their time', () => {
    expect(new Set(scenarios.map((s) => s.name)).size).toBe(scenarios.length);
    for (const s of scenarios) {
      if (s.code !== null)
        expect(
          s.expect.map((e) => e.code),
          s.name,
        ).toContain(s.code);
      for (const e of s.expect) expect(e.bySeconds, s.name).toBeLessThan(s.durationSeconds);
      for (const step of s.steps) expect(step.atSeconds, s.name).toBeLessThan(s.durationSeconds);
      expect(s.title, s.name).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('ask for one level2 product more than the cap, all of them known', () => {
    const args = findScenario('l2-limit')?.client.args ?? [];
    const asked = (args[args.indexOf('--products') + 1] ?? '').split(',');
    expect(asked).toHaveLength(31);
    expect(asked.filter((id) => findProduct(id) === null)).toEqual([]);
  });

  test('tell the story in its order', () => {
    expect(findScenario('story')?.expect.map((e) => e.code)).toEqual([
      'SEQUENCE_GAP',
      'HEARTBEAT_SKIPPED',
      'WS_DROPPED',
      'AUTH_CLOCK_SKEW',
      'RATE_LIMITED',
      'ORDER_STUCK',
    ]);
  });
});
