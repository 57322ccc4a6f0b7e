// The filter language: what is read, what is refused in words, what matches; and that no text makes it throw or hang.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTER_TEXT_MAX, type Filter, type FilterRecord, matchesFilter, parseFilter } from '../../src/core/filter.ts';

function filter(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.filter;
}

const problemOf = (text: string): string | null => {
  const parsed = parseFilter(text);
  return parsed.ok ? null : parsed.problem;
};

const CLOSED: FilterRecord = {
  text: 'user ✕ closed 1006  abnormal closure  by network #18986',
  connection: ['user'],
  code: ['1006'],
};
const TICKER: FilterRecord = {
  text: 'public ← ticker #57  ETH-USD #61',
  connection: ['public'],
  channel: ['ticker'],
  product: ['ETH-USD', 'BTC-USD'],
};
const REFUSED: FilterRecord = {
  text: 'REST ← 401 in 87 ms  GET /key_permissions “Unauthorized”',
  connection: ['rest'],
  status: ['401'],
};

describe('what matches', () => {
  it.each<[string, FilterRecord[]]>([
    ['', [CLOSED, TICKER, REFUSED]],
    ['   ', [CLOSED, TICKER, REFUSED]],
    ['closed USER', [CLOSED]],
    ['user ticker', []],
    ['"in 87 ms"', [REFUSED]],
    ['"87 in"', []],
    ['connection:public', [TICKER]],
    ['Connection:PUBLIC', [TICKER]],
    ['-connection:public', [CLOSED, REFUSED]],
    ['code:1006', [CLOSED]],
    ['code:10', [CLOSED]],
    ['code:06', []],
    ['status:4', [REFUSED]],
    ['product:BTC', [TICKER]],
    ['product:"btc-usd"', [TICKER]],
    ['channel:heartbeats', []],
    ['order:2b1f', []],
    ['-ticker -401', [CLOSED]],
    ['/closed \\d+/', [CLOSED]],
    ['-/closed|ticker/', [REFUSED]],
    ['/^rest/', [REFUSED]],
    ['/ETH-USD #61$/', [TICKER]],
    ['/\\bby\\b/ user', [CLOSED]],
    ['"/key_permissions"', [REFUSED]],
    ['/\\/key/', [REFUSED]],
    ['/[/]key/', [REFUSED]],
    ['18986', [CLOSED]],
  ])('%j', (text, expected) => {
    expect([CLOSED, TICKER, REFUSED].filter((record) => matchesFilter(filter(text), record))).toEqual(expected);
  });
});

describe('what is wrong is said', () => {
  it.each([
    ['chanel:ticker', 'no field chanel (channel?): channel connection code status product order'],
    ['state:open', 'no field state (status?): channel connection code status product order'],
    ['https://x', 'no field https: channel connection code status product order'],
    ['channel:', 'channel: needs a value, as in channel:ticker'],
    ['code:"" user', 'code: needs a value, as in code:1006'],
    ['user -', 'nothing behind the - to leave out'],
    ['/close', 'no closing / yet (quote a path: "/orders")'],
    ['-/close user', 'no closing / yet (quote a path: "/orders")'],
    ['/api/v3', 'a space is missing before v3 (quote a path)'],
    ['"two words', 'the quote " is not closed'],
    ['product:"BTC', 'the quote " is not closed'],
    ['"a"b', 'a space is missing before b'],
    ['/*a/', 'wrong regex: missing argument to repetition operator: *'],
    ['/a++/', 'wrong regex: invalid nested repetition operator: ++'],
    ['/(a/', 'wrong regex: missing closing ): (a'],
    ['/a)/', 'wrong regex: unexpected ): a)'],
    ['/[z-a]/', 'wrong regex: invalid character class range: z-a'],
    ['/a{3,1}/', 'wrong regex: invalid repeat count: {3,1}'],
    ['/(?=a)/', 'wrong regex: invalid or unsupported Perl syntax: (?='],
    ['/(a)\\1/', 'wrong regex: invalid escape sequence: \\1'],
    ['/a{9999}/', 'wrong regex: invalid repeat count: {9999}'],
    ['/a{900}/', 'wrong regex: it repeats too much'],
    ['/((a{30}){30}){30}/', 'wrong regex: invalid repeat count: {30}'],
    ['/a{200}/ /b{200}/', 'the regexes together repeat too much'],
  ])('%j', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it('refuses what nobody types', () => {
    expect(problemOf('x'.repeat(FILTER_TEXT_MAX + 1))).toContain('at most 500');
  });
});

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.stringMatching(/^[a-z:"/\\()[\]{}|*+?^$. -]{0,40}$/),
);
const terms = fc.constantFrom(
  'user',
  'CLOSED',
  '"in 87"',
  'connection:rest',
  'status:4',
  'product:b',
  '/\\d{3,}/',
  '/e.*[a-f]$/',
);
const records = fc.oneof(
  fc.constantFrom(CLOSED, TICKER, REFUSED),
  fc.record({ text: fc.string({ unit: 'binary' }), code: fc.array(fc.string()) }),
);

describe('whatever is typed', () => {
  it('is read or refused in one line, and never throws', () => {
    fc.assert(
      fc.property(texts, records, (text, record) => {
        const parsed = parseFilter(text);
        if (!parsed.ok) expect(parsed.problem).toMatch(/^\S.*$/s);
        else expect(typeof matchesFilter(parsed.filter, record)).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });

  it('a leading - is the complement', () => {
    fc.assert(
      fc.property(terms, records, (term, record) => {
        expect(matchesFilter(filter(`-${term}`), record)).toBe(!matchesFilter(filter(term), record));
      }),
    );
  });

  it('terms are joined by and, in any order', () => {
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 5 }), records, (all, record) => {
        const each = all.every((term) => matchesFilter(filter(term), record));
        expect(matchesFilter(filter(all.join(' ')), record)).toBe(each);
        expect(matchesFilter(filter(all.toReversed().join('  ')), record)).toBe(each);
      }),
    );
  });

  it('a quoted text matches exactly the lines it occurs in', () => {
    const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 6 }).filter((text) => !text.includes('"'));
    fc.assert(
      fc.property(plain, fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), (part, text) => {
        const expected = text.toLowerCase().includes(part.toLowerCase());
        expect(matchesFilter(filter(`"${part}"`), { text })).toBe(expected);
      }),
    );
  });
});
