// What a fact of a recording may show: whoever wrote it may have known fewer secrets.

import { afterEach, describe, expect, it } from 'vitest';
import { forgetSecrets, registerSecret } from '../../src/base/secret.ts';
import type { Fact } from '../../src/core/fact.ts';
import { readFreshFact, shownFact } from '../../src/engine/read-fact.ts';

afterEach(forgetSecrets);

const SECRET = 'CANARY-registered-0123456789';
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmcifQ.CANARYq7Zk2x9_fVtR4mWc1bNs8yLp0aGh3jKd5eUo6iQwXz';

function frame(channel: string, text: string): Fact {
  const json = { channel, client_id: '', timestamp: '2026-11-22T20:14:06.000Z', sequence_num: 1 };
  const bytes = Buffer.from(JSON.stringify({ ...json, events: [{ type: 'update', tickers: [{ product_id: text }] }] }));
  return { seq: 1, at: 0, t: 0, fact: 'frame.received', connection: 'public', bytes, binary: false, plain: true };
}

const textOf = (fact: Fact): string => (fact.fact === 'frame.received' ? Buffer.from(fact.bytes).toString() : '');

describe('a frame that its recording calls plain', () => {
  it.each([
    ['a registered secret', SECRET],
    ['a token', TOKEN],
    ['a cookie', 'Cookie: sid=CANARY0123456789'],
    ['an address', 'CANARY@example.com'],
    ['a token in hex', Buffer.from(TOKEN).toString('hex')],
    ['a registered secret in upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ])('is shown without %s', (_, text) => {
    registerSecret('passphrase', SECRET);
    const shown = textOf(shownFact(frame('ticker', text)));
    expect(shown).not.toContain('CANARY');
    expect(shown.toLowerCase()).not.toContain(Buffer.from('CANARY').toString('hex'));
    expect(shown).toContain('"channel":"ticker"');
  });

  it('and holds none is shown as it is', () => {
    registerSecret('passphrase', SECRET);
    const fact = frame('ticker', 'BTC-USD');
    expect(shownFact(fact)).toBe(fact);
  });
});

describe('a fresh frame whose content is read', () => {
  it.each(['user', 'unheard'])('on channel %s is looked through by the patterns, too', (channel) => {
    const { fact } = readFreshFact(frame(channel, 'Cookie: sid=CANARY0123456789'));
    expect(textOf(fact)).not.toContain('CANARY');
  });

  it('stays plain when it holds nothing', () => {
    const fact = frame('user', 'BTC-USD');
    expect(readFreshFact(fact).fact).toBe(fact);
    expect(fact).toMatchObject({ plain: true });
  });
});
