// The settings pane: each effective value and where it came from, the key as inspected, permissions, the last probes. Pure.

import type { ProbeResult } from '../../core/fact.ts';
import { clockTime, latency } from '../units.ts';
import type { View } from '../view.ts';
import { cell, fitColumns, flow, type Line, type PaneRows, type Room, tableLine, wrapText } from './cells.ts';

function settingLines(view: View, width: number): Line[] {
  const fitted = fitColumns(width, [
    { width: 16 },
    { width: '*' },
    { width: Math.min(30, Math.floor(width / 3)), drop: 1 },
  ]);
  return view.snapshot.settings.map(({ name, value, origin }) =>
    tableLine(fitted, [cell(name, 'label'), value === '' ? cell('none', 'dim') : cell(value), cell(origin, 'dim')]),
  );
}

function keyLines(view: View, width: number): Line[] {
  const { key, permissions } = view.snapshot;
  const label = (name: string, text: string, bad = false): Line[] =>
    wrapText(text, Math.max(8, width - 18), 6).map((part, index) => [
      ...(index === 0 ? flow(16, [cell(name, 'label')]) : []),
      ...flow(width, [cell(part, bad ? 'warning' : 'plain')], 1, 18),
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
  lines.push(...label('permissions', permissions === '' ? 'not asked yet' : permissions));
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
    return flow(
      width,
      [cell(glyph, role), cell(probe.name.padEnd(22)), cell(took.padEnd(8)), cell(probe.detail, 'dim')],
      1,
      18,
    );
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
  const from = Math.min(view.state.scroll, Math.max(0, lines.length - room.height));
  const below = lines.length - from - room.height;
  return {
    lines: lines.slice(from, from + room.height).map((cells) => ({ cells })),
    right: below > 0 ? `${below} lines below` : '',
  };
}
