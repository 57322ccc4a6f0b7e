// The outside of a DER key: what kind of key it holds, by its ASN.1 structure and object identifiers, never by a label.
// Reads no key material beyond counting it.

interface Node {
  tag: number;
  start: number;
  end: number;
}

export type DerShape =
  | { shape: 'sec1'; curve: string | null }
  | { shape: 'pkcs8'; algorithm: string; curve: string | null; secretBytes: number }
  | { shape: 'rsa' | 'public' | 'certificate' | 'encrypted' | 'unknown' }
  | { shape: 'truncated'; wantedBytes: number }
  | { shape: 'overlong'; wantedBytes: number };

const SEQUENCE = 0x30;
const OBJECT_ID = 0x06;

export const OID = {
  ecPublicKey: '1.2.840.10045.2.1',
  p256: '1.2.840.10045.3.1.7',
  p384: '1.3.132.0.34',
  p521: '1.3.132.0.35',
  secp256k1: '1.3.132.0.10',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  x25519: '1.3.101.110',
  rsa: '1.2.840.113549.1.1.1',
} as const;

/** Tag and content range of the element at `at`, with the end its length promises; null when there is no readable header. */
function elementAt(der: Uint8Array, at: number): Node | null {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 3) return null;
  let length = 0;
  for (let index = 0; index < count; index += 1) {
    const byte = der[at + 2 + index];
    if (byte === undefined) return null;
    length = length * 256 + byte;
  }
  return { tag, start: at + 2 + count, end: at + 2 + count + length };
}

const CHILDREN_MAX = 12;

function childrenOf(der: Uint8Array, parent: Node): Node[] {
  const children: Node[] = [];
  let at = parent.start;
  while (at < parent.end && children.length < CHILDREN_MAX) {
    const child = elementAt(der, at);
    if (child === null || child.end > parent.end) return children;
    children.push(child);
    at = child.end;
  }
  return children;
}

function objectId(der: Uint8Array, node: Node | undefined): string | null {
  if (node === undefined || node.tag !== OBJECT_ID) return null;
  const parts: number[] = [];
  let value = 0;
  for (const byte of der.subarray(node.start, node.end)) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

function tagsOf(children: readonly Node[]): string {
  return children.map((child) => child.tag.toString(16).padStart(2, '0')).join(' ');
}

function ofSec1(der: Uint8Array, children: readonly Node[]): DerShape {
  const parameters = children.find((child) => child.tag === 0xa0);
  return { shape: 'sec1', curve: parameters === undefined ? null : objectId(der, childrenOf(der, parameters)[0]) };
}

function ofPkcs8(der: Uint8Array, children: readonly Node[]): DerShape {
  const [algorithm, parameter] = children[1] === undefined ? [] : childrenOf(der, children[1]);
  const name = objectId(der, algorithm);
  if (name === null) return { shape: 'unknown' };
  const secret = children[2];
  const secretBytes = secret === undefined ? 0 : secret.end - secret.start;
  return { shape: 'pkcs8', algorithm: name, curve: objectId(der, parameter), secretBytes };
}

// Tags: 02 INTEGER, 03 BIT STRING, 04 OCTET STRING, 30 SEQUENCE.
function byChildren(der: Uint8Array, children: readonly Node[]): DerShape {
  const tags = tagsOf(children);
  if (tags.startsWith('02 04')) return ofSec1(der, children);
  if (tags.startsWith('02 30 04')) return ofPkcs8(der, children);
  if (/^(02 ){8,}02$/.test(tags)) return { shape: 'rsa' };
  if (tags === '30 03' || tags === '02 02') return { shape: 'public' };
  if (tags === '30 30 03') return { shape: 'certificate' };
  return tags === '30 04' ? { shape: 'encrypted' } : { shape: 'unknown' };
}

/** What a DER text is, from its outside: total, any bytes may be given. */
export function derShape(der: Uint8Array): DerShape {
  const outer = elementAt(der, 0);
  if (outer === null || outer.tag !== SEQUENCE) return { shape: 'unknown' };
  if (outer.end > der.length) return { shape: 'truncated', wantedBytes: outer.end };
  if (outer.end < der.length) return { shape: 'overlong', wantedBytes: outer.end };
  return byChildren(der, childrenOf(der, outer));
}
