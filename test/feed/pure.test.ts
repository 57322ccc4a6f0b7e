// The small pure pieces of the feed: delays, causes, failures, masks, targets.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawDelay } from '../../src/feed/backoff.ts';
import { closeCause, closedBy, type EndSigns } from '../../src/feed/close-cause.ts';
import { readFailure } from '../../src/feed/failure.ts';
import { createHourBudget } from '../../src/feed/hour-budget.ts';
import { maskHeaders, maskText, maskUrl } from '../../src/feed/mask.ts';
import { mayCarryToken, targetOf } from '../../src/feed/target.ts';

describe('back-off', () => {
  test('within [floor, min(cap, base × 2^(attempt−1))], whatever is drawn', () => {
    const amount = fc.integer({ min: 0, max: 100_000 });
    const draw = fc.double({ min: 0, max: 0.999999, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        amount,
        amount,
        amount,
        draw,
        (attempt, baseMs, capMs, floorMs, drawn) => {
          const delay = drawDelay({ attempt, baseMs, capMs, floorMs }, () => drawn);
          const ceiling = Math.max(floorMs, Math.min(capMs, baseMs * 2 ** (attempt - 1)));
          expect(delay).toBeGreaterThanOrEqual(floorMs);
          expect(delay).toBeLessThanOrEqual(ceiling);
        },
      ),
    );
  });

  test.each([
    [1, 0, 0],
    [1, 0.999_999, 500],
    [3, 0.5, 1_000],
    [20, 0.999_999_9, 30_000],
  ])('attempt %d with %d drawn waits %d ms', (attempt, drawn, wanted) => {
    expect(drawDelay({ attempt, baseMs: 500, capMs: 30_000, floorMs: 0 }, () => drawn)).toBe(wanted);
  });
});

describe('the hourly budget', () => {
  test('is full at its limit and frees itself as minutes fall out of the hour', () => {
    const hour = createHourBudget(100);
    const spend = (count: number, nowMs: number): number =>
      Array.from({ length: count }, () => hour.spend(nowMs)).filter((spent) => spent).length;
    expect(spend(60, 0)).toBe(60);
    expect(spend(60, 600_000)).toBe(40);
    expect(spend(60, 3_599_999)).toBe(0);
    expect(spend(70, 3_700_000)).toBe(60);
  });
});

describe('close cause', () => {
  const signs: EndSigns = {
    code: 1006,
    asked: false,
    pingTimeout: false,
    finSeen: false,
    socketErrorCode: null,
    frameErrorCode: null,
  };
  test.each([
    [{}, 'unknown', 'network'],
    [{ code: 1001 }, 'close-frame', 'server'],
    [{ code: 1005, finSeen: true }, 'close-frame', 'server'],
    [{ finSeen: true }, 'fin-without-close-frame', 'network'],
    [{ finSeen: true, socketErrorCode: 'EPIPE' }, 'fin-without-close-frame', 'network'],
    [{ socketErrorCode: 'ECONNRESET' }, 'reset', 'network'],
    [{ socketErrorCode: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR' }, 'tls-alert', 'network'],
    [{ pingTimeout: true, asked: true }, 'ping-timeout', 'network'],
    [{ frameErrorCode: 'WS_ERR_INVALID_UTF8', finSeen: true }, 'invalid-utf8', 'network'],
    [{ frameErrorCode: 'WS_ERR_UNEXPECTED_RSV_1' }, 'protocol-error', 'network'],
    [{ asked: true, code: 1000 }, 'asked', 'client'],
    [{ asked: true }, 'asked', 'client'],
  ] as const)('%o is %s by %s', (some, cause, by) => {
    expect(closeCause({ ...signs, ...some })).toBe(cause);
    expect(closedBy({ ...signs, ...some })).toBe(by);
  });
});

describe('failures', () => {
  const error = (code: string, message = 'm'): Error => Object.assign(new Error(message), { code });

  test.each([
    ['ENOTFOUND', 'tcp', 'dns'],
    ['EAI_AGAIN', 'tcp', 'dns'],
    ['ECONNREFUSED', 'dns', 'tcp'],
    ['EHOSTUNREACH', 'dns', 'tcp'],
    ['ETIMEDOUT', 'tls', 'tls'],
    ['ECONNRESET', 'upgrade', 'upgrade'],
    ['CERT_HAS_EXPIRED', 'upgrade', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'tls'],
    ['EPROTO', 'tls', 'tls'],
  ] as const)('%s reached in %s is blamed on %s', (code, reached, phase) => {
    expect(readFailure(error(code), reached)).toMatchObject({ phase, errorCode: code, errorCodes: [code] });
  });

  test('an AggregateError gives one code an address and a message of its parts', () => {
    const both = Object.assign(new AggregateError([error('ECONNREFUSED', 'a'), error('ENETUNREACH', 'b')], ''), {
      code: 'ECONNREFUSED',
    });
    const expected = {
      phase: 'tcp',
      errorCode: 'ECONNREFUSED',
      errorCodes: ['ECONNREFUSED', 'ENETUNREACH'],
      message: 'a; b',
    };
    expect(readFailure(both, 'tcp')).toEqual(expected);
    expect(readFailure(new AggregateError([error('ENETUNREACH', 'b')], ''), 'tcp').errorCode).toBe('ENETUNREACH');
  });

  test('never throws, whatever is thrown', () => {
    fc.assert(fc.property(fc.anything(), (thrown) => readFailure(thrown, 'tcp').errorCode.length > 0));
  });
});

describe('masks', () => {
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrIn0.c2lnbmF0dXJl';

  test('headers', () => {
    const masked = maskHeaders({
      Authorization: `Bearer ${jwt}`,
      Cookie: 'a',
      'Set-Cookie': ['a', 'b'],
      'CB-ACCESS-SIGN': 'x',
      'X-Auth-Token': 'x',
      'X-Echo': jwt,
      'CF-Ray': 'r',
      Via: ['1', '2'],
      gone: undefined,
    });
    expect(masked).toEqual({
      authorization: '[masked]',
      cookie: '[masked]',
      'set-cookie': '[masked]',
      'cb-access-sign': '[masked]',
      'x-auth-token': '[masked]',
      'x-echo': 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrIn0.[signature removed]',
      'cf-ray': 'r',
      via: '1, 2',
    });
  });

  test('a token keeps its claims and loses its signature', () => {
    const text = maskText(`{"jwt":"${jwt}","again":"${jwt}"}`);
    expect(text).not.toContain('c2lnbmF0dXJl');
    expect(text.match(/\[signature removed\]/g)).toHaveLength(2);
    expect(text).toContain('eyJzdWIiOiJrIn0');
  });

  test('a URL keeps what is no secret', () => {
    expect(maskUrl('https://u:p@h/a?jwt=x&limit=2')).toBe('https://h/a?jwt=%5Bmasked%5D&limit=2');
    expect(maskUrl('https://h/a?cursor=abc')).toBe('https://h/a?cursor=abc');
  });
});

describe('targets', () => {
  test.each([
    ['wss://h', { host: 'h', port: 443, secure: true, isAddress: false, name: 'h' }],
    ['ws://[::1]:8080/x', { host: '::1', port: 8080, secure: false, isAddress: true, name: '[::1]:8080' }],
    ['http://127.0.0.1', { host: '127.0.0.1', port: 80, secure: false, isAddress: true, name: '127.0.0.1' }],
    ['ftp://h', null],
    ['nonsense', null],
  ])('%s', (url, target) => expect(targetOf(url)).toEqual(target));

  test.each([
    ['wss://anything.example', true],
    ['https://10.0.0.1', true],
    ['ws://localhost:1', true],
    ['ws://127.9.9.9', true],
    ['http://[::1]:80', true],
    ['ws://10.0.0.1', false],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['nonsense', false],
  ])('%s may carry a token: %s', (url, may) => expect(mayCarryToken(url)).toBe(may));
});
