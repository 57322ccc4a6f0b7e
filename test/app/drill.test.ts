// What is dealt and what is listed: the deal repeats with its seed, choices are fair, every code has its place in the list.

import { describe, expect, it } from 'vitest';
import { choicesFor, deal, faultsOf } from '../../src/app/deal.ts';
import { scoreLines } from '../../src/app/drill.ts';
import { RECORDED_EXAMPLES } from '../../src/app/recorded-examples.ts';
import { listLines } from '../../src/app/scenario-list.ts';
import { Random } from '../../src/exchange/random.ts';
import { scenarios } from '../../src/exchange/scenarios.ts';
import { HAR_EXAMPLES } from '../../src/import/examples.ts';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { dealt } from '../ui/fixtures/dealt.ts';

const faults = faultsOf(scenarios);
const dealNames = (seed: number, count: number): string[] => {
  const dealing = deal(faults, new Random(seed), null);
  return Array.from({ length: count }, () => dealing.next().value.name);
};

describe('the deal', () => {
  it('repeats with its seed and differs with another', () => {
    expect(dealNames(7, 20)).toEqual(dealNames(7, 20));
    expect(dealNames(7, 20)).not.toEqual(dealNames(8, 20));
  });

  it('deals every fault before any comes again', () => {
    expect(new Set(dealNames(3, faults.length)).size).toBe(faults.length);
  });

  it('begins with the named one and does not deal it again at once', () => {
    const [first] = faults;
    const dealing = deal(faults, new Random(1), first ?? null);
    expect(dealing.next().value).toBe(first);
    expect(dealing.next().value).not.toBe(first);
  });

  it('never ends', () => {
    expect(dealNames(5, 3 * faults.length)).toHaveLength(3 * faults.length);
  });

  it.each(faults.map((fault) => [fault.name, fault] as const))('offers six fair codes for %s', (_, fault) => {
    const choices = choicesFor(fault, new Random(11));
    expect(new Set(choices).size).toBe(6);
    expect(choices).toContain(fault.code);
    expect(choices.filter((code) => CATALOGUE[code] === undefined)).toEqual([]);
    // What the scenario raises besides would be no wrong answer.
    const alsoTrue = fault.expect.map(({ code }) => code).filter((code) => code !== fault.code);
    expect(choices.filter((code) => alsoTrue.includes(code))).toEqual([]);
    // Look-alikes come from the same problem first.
    const near = choices.filter((code) => CATALOGUE[code]?.problem === CATALOGUE[fault.code]?.problem);
    expect(near.length).toBeGreaterThanOrEqual(2);
  });

  it('puts the right code at every place', () => {
    const [fault] = faults;
    if (fault === undefined) throw new Error('there are scenarios');
    const random = new Random(2);
    const places = Array.from({ length: 60 }, () => choicesFor(fault, random).indexOf(fault.code));
    expect(new Set(places).size).toBe(6);
  });
});

describe('the score', () => {
  it('tells each drill and the sum', () => {
    const played = [
      { dealt, answer: dealt.code },
      { dealt, answer: 'AUTH_FLAKY' },
      { dealt, answer: null },
    ];
    expect(scoreLines(played, 20)).toEqual([
      'right         AUTH_REJECTED  (key-rejected)',
      'wrong         AUTH_REJECTED  (key-rejected), you said AUTH_FLAKY',
      'not answered  AUTH_REJECTED  (key-rejected)',
      '1 of 2 right',
    ]);
  });

  it('keeps to its lines', () => {
    const many = Array.from({ length: 40 }, () => ({ dealt, answer: dealt.code }));
    const lines = scoreLines(many, 18);
    expect(lines).toHaveLength(18);
    expect(lines.at(-1)).toBe('40 of 40 right');
  });

  it('says so when nothing was answered', () => {
    expect(scoreLines([{ dealt, answer: null }], 18).at(-1)).toBe('no drill was answered');
  });
});

describe('the list', () => {
  const lines = listLines(scenarios, HAR_EXAMPLES, RECORDED_EXAMPLES);

  it('names every scenario and every code of the catalogue', () => {
    for (const { name } of scenarios) expect(lines.some((line) => line.startsWith(`${name} `))).toBe(true);
    for (const code of Object.keys(CATALOGUE)) expect(lines.join('\n')).toContain(code);
  });

  it('keeps the scenarios of one code together, in the order of the catalogue', () => {
    const order = Object.keys(CATALOGUE);
    const listed = lines.slice(0, scenarios.length).map((line) => /^\S+\s+(\S+)/.exec(line)?.[1] ?? '');
    const places = listed.map((code) => order.indexOf(code));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('plays from recordings only what is about this tool itself', () => {
    const heading = lines.findIndex((line) => line.startsWith('About this tool'));
    const codes = lines.slice(heading + 1).flatMap((line) => /^\S+\s+([A-Z_]{4,})/.exec(line)?.[1] ?? []);
    expect(codes).toEqual(RECORDED_EXAMPLES.map(({ code }) => code));
    expect(new Set(codes.map((code) => CATALOGUE[code]?.problem))).toEqual(new Set(['self']));
  });
});
