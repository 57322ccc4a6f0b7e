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

function section(heading: string, stories: readonly Listed[], width: number): string[] {
  return stories.length === 0 ? [] : ['', heading, ...rows(stories, width)];
}

/** The lines: scenarios, then captures of what only another program earns, then recordings of what only this tool and its machine do. */
export function listLines(
  scenarios: readonly Listed[],
  captures: readonly Listed[],
  recordings: readonly Listed[],
): string[] {
  const played = new Set(scenarios.map(({ code }) => code));
  const foreign = captures.filter(({ code }) => code !== null && !played.has(code));
  const width = Math.max(0, ...[...scenarios, ...foreign, ...recordings].map(({ name }) => name.length));
  return [
    ...rows(scenarios, width),
    ...section('Only in captures of other programs (cbscope import):', foreign, width),
    ...section('About this tool and its machine (recordings):', recordings, width),
    '',
    'cbscope demo NAME plays one of them; cbscope demo plays the story.',
  ];
}
