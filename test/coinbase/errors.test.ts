import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAuthFailure,
  isEdgePage,
  isExchangeStyle,
  isLevel2Cap,
  isPenalty,
  isRateMessage,
  isScopeError,
  readError,
} from '../../src/coinbase/errors.ts';
import { sampleText } from './samples.ts';

const sample = (name: string) => {
  const { status, headers, body } = JSON.parse(sampleText(`rest_error_${name}.json`)) as {
    status: number;
    headers: Record<string, string>;
    body: string;
  };
  return readError(status, headers, body);
};
const json = (status: number, value: unknown) => readError(status, {}, JSON.stringify(value));

describe('readError', () => {
  it.each([
    ['400_account_not_available', 'json', 'unknown', 'account is not available'],
    ['400_candles', 'json', 'INVALID_ARGUMENT', 'number of candles requested should be less than 350'],
    ['401_plain', 'text', null, 'Unauthorized'],
    ['401_v2_style', 'json', 'authentication_error', 'invalid signature'],
    ['403_permission_denied', 'json', 'PERMISSION_DENIED', 'User does not have permissions'],
    ['403_scopes', 'json', 'unknown', 'Missing required scopes'],
    ['403_too_many_errors', 'text', null, 'Too many errors'],
    ['404_order', 'json', 'unknown', 'order with this orderID was not found'],
    ['404_product', 'json', 'NOT_FOUND', 'Product NOPE-USD not supported'],
    ['429_empty', 'empty', null, ''],
    ['429_html', 'html', null, 'Coinbase'],
    ['429_v2_json', 'json', 'rate_limit_exceeded', 'Too many requests'],
    ['500_json', 'json', 'INTERNAL', 'internal error'],
    ['502_html', 'html', null, 'Coinbase Error'],
    ['503_opaque', 'text', null, 'go/sg/00000000-0000-4000-8000-000000000000'],
  ])('reads %s', (name, form, id, message) => {
    expect(sample(name)).toMatchObject({ form, id, message });
  });

  it('reads a refusal, a gRPC status, a string, nested errors', () => {
    const refusal = JSON.parse(sampleText('rest_create_order_rejected.json')) as {
      error_response: { error: string; message: string };
    };
    expect(json(200, refusal)).toMatchObject({
      id: refusal.error_response.error,
      message: refusal.error_response.message,
    });
    expect(json(403, { code: 7, message: 'no', details: [] })).toMatchObject({
      id: 'PERMISSION_DENIED',
      message: 'no',
    });
    expect(json(401, 'Unauthorized')).toMatchObject({ form: 'json', message: 'Unauthorized' });
    expect(json(400, { error: { id: 'x', message: 'y' } })).toMatchObject({ id: 'x', message: 'y' });
    expect(json(400, { message: '', error_details: 'd', error: 'e' })).toMatchObject({ id: 'e', message: 'd' });
  });

  it('knows the edge and keeps what support asks for', () => {
    expect(sample('502_html')).toMatchObject({ cloudflare: true, requestTag: 'cf-ray 0000000000000000-FRA' });
    expect(sample('401_plain')).toMatchObject({ cloudflare: false, requestTag: null });
    expect(readError(403, {}, '<html><title>Attention Required! | Cloudflare</title></html>')).toMatchObject({
      form: 'html',
      cloudflare: true,
    });
    expect(readError(403, {}, '\n<!-- x --><!DOCTYPE html><head><title>A &amp;\n B</title>').message).toBe('A & B');
    expect(readError(403, {}, '<5 is less').form).toBe('text');
  });

  it('bounds the message and never throws', () => {
    expect(readError(500, {}, 'x'.repeat(5_000)).message).toHaveLength(200);
    const key = fc.constantFrom('error', 'errors', 'message', 'error_response', 'code', 'id', '__proto__');
    const body = fc.oneof(
      fc.string(),
      fc.string().map((text) => `<html><title>${text}`),
      fc.dictionary(key, fc.jsonValue()).map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.dictionary(fc.string(), fc.string()),
        body,
        (status, headers, text) => {
          const error = readError(status, headers, text);
          expect(error.message.length).toBeLessThanOrEqual(200);
          isScopeError(error);
          isPenalty(error);
        },
      ),
    );
  });
});

describe('what a refusal means', () => {
  it.each([
    ['403_scopes', true, false, false],
    ['403_permission_denied', true, false, false],
    ['403_too_many_errors', false, true, false],
    ['429_html', false, false, true],
    ['502_html', false, false, true],
    ['401_plain', false, false, false],
    ['401_v2_style', false, false, false],
    ['404_order', false, false, false],
    ['429_v2_json', false, false, false],
  ])('%s', (name, scope, penalty, edge) => {
    const error = sample(name);
    expect([isScopeError(error), isPenalty(error), isEdgePage(error)]).toEqual([scope, penalty, edge]);
  });

  it.each([
    { error: 'unknown', message: 'missing required SCOPES: trade' },
    { error: 'PERMISSION_DENIED', message: '' },
    { code: 7, message: 'denied' },
    { message: 'View permission is required' },
    { message: 'API key does not have permission to perform this action' },
    { errors: [{ id: 'invalid_scope', message: 'Insufficient scope' }] },
    { message: 'insufficient permissions' },
  ])('finds a missing scope in %j', (body) => {
    expect(isScopeError(json(403, body))).toBe(true);
    expect(isPenalty(json(403, body))).toBe(false);
  });

  it.each([
    'Too many errors',
    'too many errors.',
    'TOO MANY ERRORS, try later',
    '{"message":"Too many errors"}',
    'Temporarily blocked',
  ])('finds the penalty in %j', (body) => {
    expect(isPenalty(readError(403, {}, body))).toBe(true);
    expect(isScopeError(readError(403, {}, body))).toBe(false);
    expect(isPenalty(readError(429, {}, body))).toBe(false);
  });

  it('takes a page of the edge for neither', () => {
    const page = readError(403, {}, '<html><title>Too many errors: permission denied</title>');
    expect([isScopeError(page), isPenalty(page), isEdgePage(page)]).toEqual([false, false, true]);
  });

  it.each([
    ['authentication failure', 'auth'],
    ['Authentication Failure', 'auth'],
    ['authentication failed: token expired', 'auth'],
    ['Unauthorized', 'auth'],
    ['unauthenticated', 'auth'],
    ['invalid jwt', 'auth'],
    ['JWT expired', 'auth'],
    ['failed to authenticate', 'auth'],
    ['invalid_token', 'auth'],
    ['rate limit exceeded', 'rate'],
    ['Rate-limit exceeded', 'rate'],
    ['too many requests', 'rate'],
    ['too many messages per second', 'rate'],
    ['too many L2 streams requested in a single session', 'level2'],
    ['Too many level2 subscriptions', 'level2'],
    ['level 2 product limit exceeded', 'level2'],
    ['signature verification failed', 'auth'],
    ['token is not yet valid', 'auth'],
    ['message rate exceeded', 'rate'],
    ['no more than 8 messages per second', 'rate'],
    ['Maximum of 30 level2 products per connection', 'level2'],
    ['only 30 products are allowed on level2', 'level2'],
    ['failure to subscribe', 'none'],
    ['product not found', 'none'],
    ['internal error', 'none'],
    ['', 'none'],
  ])('%j is %s', (message, kind) => {
    expect([isAuthFailure(message), isRateMessage(message), isLevel2Cap(message)]).toEqual([
      kind === 'auth',
      kind === 'rate',
      kind === 'level2',
    ]);
  });

  it('knows the words of the Exchange feed', () => {
    expect(isExchangeStyle('Failed to subscribe', 'No channels provided')).toBe(true);
    expect(isExchangeStyle('Failed to subscribe', null)).toBe(true);
    expect(isExchangeStyle('x', 'y')).toBe(true);
    expect(isExchangeStyle('failure to subscribe', null)).toBe(false);
  });
});
