// Which of some names a mistyped one most likely meant.

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

const LENGTH_MAX = 64;

/** The name that is nearest, or null when none is near. */
export function nearestName(written: string, names: readonly string[]): string | null {
  if (written === '' || written.length > LENGTH_MAX) return null;
  const ranked = names
    .map((each) => ({ each, distance: editDistance(written, each) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.each.length / 3)) ? best.each : null;
}
