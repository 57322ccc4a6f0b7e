// The settings pane: each effective value and where it came from, the key as inspected, permissions, the last probes. Pure.

import type { ProbeResult } from '../../core/fact.ts';
import { clockTime, latency, linesBelow } from '../units.ts';
import type { View } from '../view.ts';
import {
  type Column,
  cell,
  fitColumns,
  flow,
  type Line,
  type PaneRows,
  type Room,
  scrolledTo,
  tableLine,
  wrapText,
} from './cells.ts';

/** Where values begin. */
const VALUES_AT = 18;
const ORIGIN_MAX = 30;
const WORDS: Readonly<Record<string, string>> = { true: 'on', false: 'off', '': 'none' };

/** Name, the whole value, and where it came from. */
function settingLines(view: View, width: number): Line[] {
  // The key as inspected stands below.
  const settings = view.snapshot.settings.filter(({ name }) => name !== 'key');
  const longest = Math.max(0, ...settings.map(({ origin }) => origin.length));
  const origins = Math.min(longest, ORIGIN_MAX, Math.floor(width / 3));
  const columns: Column[] = [{ width: VALUES_AT - 2 }, { width: '*' }, { width: origins, drop: 1 }];
  const fitted = fitColumns(width, columns);
  const room = fitted.find(({ index }) => index === 1)?.width ?? width;
  return settings.flatMap(({ name, value, origin }) =>
    wrapText(WORDS[value] ?? value, room, VALUE_LINES_MAX).map((part, index) =>
      tableLine(fitted, index === 0 ? [cell(name, 'label'), cell(part), cell(origin, 'dim')] : [cell(''), cell(part)]),
    ),
  );
}

const VALUE_LINES_MAX = 6;

function keyLines(view: View, width: number): Line[] {
  const { key, permissions } = view.snapshot;
  const label = (name: string, text: string, bad = false): Line[] =>
    wrapText(text, Math.max(8, width - VALUES_AT), 6).map((part, index) => [
      ...(index === 0 ? flow(VALUES_AT - 2, [cell(name, 'label')]) : []),
      ...flow(width, [cell(part, bad ? 'warning' : 'plain')], 1, VALUES_AT),
    ]);
  if (key === null || key.kind === 'none') return label('key', 'none configured: public channels only');
  const lines = label(
    'key',
    `${key.keyId ?? 'no id'}   ${key.kind} ${key.algorithm ?? 'cannot sign'}   from ${key.source ?? 'nowhere'}`,
  );
  if (key.alsoFound.length > 0) lines.push(...label('not used', key.alsoFound.join(', ')));
  if (key.defects.length > 0)
    lines.push(...label('defects', `${key.defects.join(', ')}${key.repaired ? ' (repaired in memory)' : ''}`, true));
  if (key.explanation !== '') lines.push(...label('', key.explanation, !key.usable));
  if (key.correctedLine !== null) lines.push(...label('write instead', key.correctedLine));
  lines.push(...label('permissions', permissions === '' ? 'not asked yet' : permissions.replace(/^permissions /, '')));
  return lines;
}

function probeLines(view: View, width: number): Line[] {
  const { probes } = view.snapshot;
  if (probes === null)
    return [flow(width, [cell('probes'.padEnd(16), 'label'), cell('none run: nothing has failed yet', 'dim')], 2)];
  const { glyphs } = view;
  const looks = { pass: [glyphs.pass, 'good'], fail: [glyphs.fail, 'critical'], skipped: [glyphs.dot, 'dim'] } as const;
  const one = (probe: ProbeResult): Line => {
    const [glyph, role] = looks[probe.result];
    const took = probe.tookMs === null ? '' : latency(probe.tookMs);
    const what = [cell(glyph, role), cell(probe.name.padEnd(21)), cell(took.padStart(6))];
    return flow(width, [...what, cell(` ${probe.target}`), cell(` ${probe.detail}`, 'dim')], 1, VALUES_AT);
  };
  const head = flow(
    width,
    [cell('probes'.padEnd(16), 'label'), cell(`${clockTime(probes.at)} UTC, ${probes.reason}`)],
    2,
  );
  return [head, ...probes.results.map(one)];
}

export function settingsRows(view: View, room: Room): PaneRows {
  const { look } = view.state;
  const drawn = `${look.color ? 'colour' : 'no colour'}, ${look.ascii ? 'ASCII' : 'Unicode'}, ids ${view.state.privacy ? 'masked' : 'shown (p masks them)'}`;
  const lines: Line[] = [
    ...settingLines(view, room.width),
    flow(room.width, [cell('screen'.padEnd(16), 'label'), cell(drawn)], 2),
    [],
    ...keyLines(view, room.width),
    [],
    ...probeLines(view, room.width),
  ];
  const { below, ...shown } = scrolledTo(view.state.scroll, lines, room);
  return {
    ...shown,
    right: linesBelow(below),
  };
}
