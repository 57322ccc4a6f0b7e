// The filter over timeline and findings: words, all of which must match somewhere in the line, whatever their case. Pure.

import { matches } from '../core/filter.ts';
import type { TrackedFinding } from '../core/finding.ts';
import type { Snapshot } from '../core/snapshot.ts';

export function matchingFindings(filter: string, findings: readonly TrackedFinding[]): TrackedFinding[] {
  if (filter.trim() === '') return [...findings];
  return findings.filter((finding) =>
    matches(
      filter,
      `${finding.code} ${finding.severity} ${finding.party} ${finding.connection ?? ''} ${finding.title} ${finding.status}`,
    ),
  );
}

/** Words worth completing: sources, kinds of facts, products, channels, finding codes. */
export function completions(snapshot: Snapshot): string[] {
  const words = new Set<string>(['public', 'user', 'rest', 'this']);
  for (const row of snapshot.timeline.rows) words.add(row.what.split(' ')[0] ?? '');
  for (const product of snapshot.products) words.add(product);
  for (const name of ['public', 'user'] as const) {
    for (const channel of snapshot.connections[name].channels) words.add(channel.channel);
  }
  for (const finding of snapshot.findings) words.add(finding.code);
  words.delete('');
  return [...words];
}

/** The filter with its last word completed, or as it was when nothing or too much fits. */
export function completed(filter: string, snapshot: Snapshot): string {
  const start = filter.lastIndexOf(' ') + 1;
  const begun = filter.slice(start).toLowerCase();
  if (begun === '') return filter;
  const fitting = completions(snapshot).filter((word) => word.toLowerCase().startsWith(begun));
  const first = fitting[0];
  if (first === undefined) return filter;
  let shared = first;
  for (const word of fitting) {
    while (!word.toLowerCase().startsWith(shared.toLowerCase())) shared = shared.slice(0, -1);
  }
  return filter.slice(0, start) + shared;
}
