// The filter over timeline, findings and requests: words, all of which must match somewhere in the line, whatever their case. Pure.

/** True when every word of the filter occurs in the text. An empty filter matches all. */
export function matches(filter: string, text: string): boolean {
  if (filter.trim() === '') return true;
  const within = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
