// What a secret's text holds, told by its bytes: the algorithm, a well-formed PEM, and what is wrong with it (reference 2.1, 2.6).
// The PEM in a result is key material: only `key.ts` may take it, and boxes it at once.

import type { KeyDefect, KeyInspection } from '../core/fact.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { type DerShape, derShape, OID } from './der.ts';
import { type PemBlock, pemBlock, pemOf } from './secret-text.ts';

export interface Material {
  kind: KeyInspection['kind'];
  algorithm: 'ES256' | 'EdDSA' | null;
  /** Well-formed PEM when the key can be used. Key material. */
  pem: string | null;
  /** Public half that came with a raw Ed25519 key, base64, to be compared by the signer. */
  publicHalf: string | null;
  /** Label of the PEM to write; null when the secret is written as plain base64. */
  label: string | null;
  defects: KeyDefect[];
}

function useless(defect: KeyDefect, kind: Material['kind'] = 'other', label: string | null = null): Material {
  return { kind, algorithm: null, pem: null, publicHalf: null, label, defects: [defect] };
}

const KIND = { ES256: 'ecdsa', EdDSA: 'ed25519' } as const;

function usable(algorithm: 'ES256' | 'EdDSA', label: string, der: Uint8Array): Material {
  return { kind: KIND[algorithm], algorithm, pem: pemOf(label, toBase64(der)), publicHalf: null, label, defects: [] };
}

const BY_SHAPE: Partial<Record<DerShape['shape'], KeyDefect>> = {
  truncated: 'truncated',
  overlong: 'wrong-length',
  rsa: 'rsa',
  public: 'public-key',
  certificate: 'certificate',
  encrypted: 'encrypted-key',
};

const SEC1_LABEL = 'EC PRIVATE KEY';
const PKCS8_LABEL = 'PRIVATE KEY';

function ofDer(der: Uint8Array): Material {
  const told = derShape(der);
  if (told.shape === 'sec1') {
    if (told.curve === null) return useless('unreadable', 'other', SEC1_LABEL);
    return told.curve === OID.p256 ? usable('ES256', SEC1_LABEL, der) : useless('wrong-curve', 'other', SEC1_LABEL);
  }
  if (told.shape !== 'pkcs8') return useless(BY_SHAPE[told.shape] ?? 'unreadable');
  if (told.algorithm === OID.ed25519) return usable('EdDSA', PKCS8_LABEL, der);
  if (told.algorithm === OID.ecPublicKey && told.curve === OID.p256) return usable('ES256', PKCS8_LABEL, der);
  return useless(told.algorithm.startsWith(OID.rsa.slice(0, -1)) ? 'rsa' : 'wrong-curve', 'other', PKCS8_LABEL);
}

function byLabel({ label, headers }: PemBlock): KeyDefect | null {
  if (/CERTIFICATE/.test(label)) return 'certificate';
  if (/PUBLIC KEY$/.test(label)) return 'public-key';
  if (/ENCRYPTED/.test(label) || /ENCRYPTED/.test(headers)) return 'encrypted-key';
  if (label === 'RSA PRIVATE KEY') return 'rsa';
  return label.endsWith('PRIVATE KEY') && !/OPENSSH|PGP|DSA/.test(label) ? null : 'unreadable';
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function ofPem(block: PemBlock): Material {
  const refused = byLabel(block);
  if (refused !== null) return useless(refused);
  if (block.body === '') return useless(block.ended ? 'empty' : 'first-line-only', 'other', block.label);
  if (!BASE64.test(block.body)) return useless('not-base64', 'other', block.label);
  const der = fromBase64(block.body);
  const material = der === null ? useless('truncated') : ofDer(der);
  const defects = [...block.defects, ...material.defects];
  if (!block.ended && !defects.includes('truncated')) defects.push('truncated');
  if (material.pem !== null && material.label !== block.label) defects.push('label-mismatch');
  return { ...material, label: material.label ?? block.label, defects };
}

const SEED_BYTES = 32;
const ED25519_PKCS8_HEAD = new Uint8Array([0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 34, 4, 32]);

function ofSeed(seed: Uint8Array, publicHalf: Uint8Array | null): Material {
  const der = new Uint8Array(ED25519_PKCS8_HEAD.length + SEED_BYTES);
  der.set(ED25519_PKCS8_HEAD);
  der.set(seed, ED25519_PKCS8_HEAD.length);
  const half = publicHalf === null ? null : toBase64(publicHalf);
  return { ...usable('EdDSA', PKCS8_LABEL, der), label: null, publicHalf: half };
}

const LEGACY_SECRET = /^[A-Za-z0-9]{32}$/;
const DER_SEQUENCE = 0x30;

function ofBareText(text: string): Material {
  const body = text.replace(/-{2,}\s*END[^\n]*$/, '').replace(/\s+/g, '');
  if (body === '') return useless('empty');
  if (body.startsWith('{')) return useless('unreadable');
  if (LEGACY_SECRET.test(body)) return useless('legacy-secret', 'legacy');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(body)) return useless('not-base64');
  const bytes = fromBase64(body);
  if (bytes === null) return useless('truncated');
  if (bytes.length === SEED_BYTES) return ofSeed(bytes, null);
  if (bytes.length === 2 * SEED_BYTES) return ofSeed(bytes.subarray(0, SEED_BYTES), bytes.subarray(SEED_BYTES));
  return bytes[0] === DER_SEQUENCE && bytes.length > SEED_BYTES ? ofBareDer(bytes) : useless('wrong-length');
}

// The 48-byte form of an Ed25519 key is in use as it is (reference 2.1); a body of an EC key has lost its label lines.
function ofBareDer(der: Uint8Array): Material {
  const material = ofDer(der);
  if (material.algorithm === 'EdDSA') return { ...material, label: null };
  return { ...material, defects: ['body-only', ...material.defects] };
}

/** What the cleaned text of a secret holds; total. */
export function materialOf(text: string): Material {
  const block = pemBlock(text);
  return block === null ? ofBareText(text) : ofPem(block);
}
