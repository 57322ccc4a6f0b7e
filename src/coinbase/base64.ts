// Base64 and base64url, strictly: a foreign character is a defect to be named, not something to skip.

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < STANDARD.length; value += 1) VALUES[STANDARD.charCodeAt(value)] = value;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** The bytes of a base64 or base64url text (padding optional, no white space), or null when it is neither. */
export function fromBase64(text: string): Uint8Array | null {
  const body = text.replace(/={0,2}$/, '');
  if (body.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let index = 0; index < body.length; index += 1) {
    const code = body.charCodeAt(index);
    const value = code < 128 ? (VALUES[code] as number) : -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 0xff;
    at += 1;
  }
  return bytes;
}

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += STANDARD.charAt(group >> 18) + STANDARD.charAt((group >> 12) & 63);
    text += left > 1 ? STANDARD.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? STANDARD.charAt(group & 63) : '=';
  }
  return text;
}
