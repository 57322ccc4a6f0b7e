// Finds registered secrets in a stream of bytes at the price of a table look-up: each is known by its rarest byte, and looked at only
// where that byte stands. What it watches for is told by the register of secrets.

/** Bytes at which a walk through a string has to stop and look; whoever walks adds its own. */
export const STOPS = new Uint8Array(256);

interface Watched {
  bytes: Uint8Array;
  /** Where the rarest byte stands in it. */
  anchorAt: number;
  always: boolean;
}

const byAnchor: Watched[][] = Array.from({ length: 256 }, () => []);

// Characters as they are found in market data, the rarest first; those that are not named are rarer still.
const BY_RARITY = '%=+/JGQWKVXHZjqxzwYFNPMIRLCODABEUTSkvgyfbmuhdplcnasitroe_ .:-0123456789';

function rarityOf(byte: number): number {
  const place = BY_RARITY.indexOf(String.fromCharCode(byte));
  // What a walk stops at anyway cannot be an anchor: it is handled before.
  if (byte < 0x20 || byte >= 0x7f || byte === 0x22 || byte === 0x5c) return Number.POSITIVE_INFINITY;
  return place;
}

/** Watches for this text from now on. A text without any ordinary character is not watched for. `always`: also after `watchForNothing`. */
export function watchFor(text: string, always = false): void {
  const bytes = new TextEncoder().encode(text);
  let anchorAt = -1;
  let best = Number.POSITIVE_INFINITY;
  for (const [at, byte] of bytes.entries()) {
    const rarity = rarityOf(byte);
    if (rarity < best) [best, anchorAt] = [rarity, at];
  }
  const anchor = bytes[anchorAt];
  if (anchor === undefined) return;
  STOPS[anchor] = 1;
  byAnchor[anchor]?.push({ bytes, anchorAt, always });
}

/** Stops watching for what was not to be watched for always. The stops stay: they cost a look and find nothing. */
export function watchForNothing(): void {
  for (const [anchor, list] of byAnchor.entries()) byAnchor[anchor] = list.filter(({ always }) => always);
}

function standsAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[start + index] !== wanted[index]) return false;
  return true;
}

/** Whether a secret that is watched for stands around the byte at `at`, which is its anchor. */
export function secretAround(bytes: Uint8Array, at: number): boolean {
  const list = byAnchor[bytes[at] as number] as Watched[];
  for (let index = 0; index < list.length; index += 1) {
    const { bytes: wanted, anchorAt } = list[index] as Watched;
    if (at >= anchorAt && standsAt(bytes, at - anchorAt, wanted)) return true;
  }
  return false;
}
