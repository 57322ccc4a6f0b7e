// What `cbscope demo --list` prints: every scenario by the code it is about, then the codes that no scenario can earn. Pure.

import type { Scenario } from '../exchange/scenario.ts';
import { CATALOGUE } from '../playbook/catalogue.ts';

/** What a listed story is: a scenario, or a capture of another program. */
export type Listed = Pick<Scenario, 'name' | 'code' | 'title'>;

/** In the order of the catalogue; stories about no code, or about several, come first. */
function byCode(stories: readonly Listed[]): Listed[] {
  const order = Object.keys(CATALOGUE);
  const at = ({ code }: Listed): number => (code === null ? -1 : order.indexOf(code));
  return stories.toSorted((a, b) => at(a) - at(b));
}

function rows(stories: readonly Listed[], width: number): string[] {
  const code = Math.max(...Object.keys(CATALOGUE).map((name) => name.length));
  return byCode(stories).map(
    (story) => `${story.name.padEnd(width)}  ${(story.code ?? '–').padEnd(code)}  ${story.title}`,
  );
}

/** The lines: scenarios, then captures of what only another program earns, then what is left. */
export function listLines(scenarios: readonly Listed[], captures: readonly Listed[]): string[] {
  const played = new Set(scenarios.map(({ code }) => code));
  const foreign = captures.filter(({ code }) => code !== null && !played.has(code));
  const captured = new Set(foreign.map(({ code }) => code));
  const left = Object.keys(CATALOGUE).filter((code) => !played.has(code) && !captured.has(code));
  const width = Math.max(0, ...[...scenarios, ...foreign].map(({ name }) => name.length));
  return [
    ...rows(scenarios, width),
    ...(foreign.length === 0
      ? []
      : ['', 'Only in captures of other programs (cbscope import):', ...rows(foreign, width)]),
    ...(left.length === 0 ? [] : ['', `About this tool and its machine, not to be played: ${left.join(', ')}`]),
    '',
    'cbscope demo NAME plays one of them; cbscope demo plays the story.',
  ];
}
