// The one door through which credentials enter: what is wrong with them is found by looking at the strings (reference 2.1, 2.6),
// what is safely repairable is repaired in memory, and the key leaves in a box that only the signer opens.

import { registerSecret, Secret } from '../base/secret.ts';
import type { KeyDefect, KeyInspection } from '../core/fact.ts';
import { correctedLine, explain } from './key-advice.ts';
import { type Material, materialOf } from './key-material.ts';
import { cleanText } from './secret-text.ts';

export interface FoundCredentials {
  /** Where they came from, for people: `COINBASE_API_KEY`, `--key-file PATH`, … */
  source: string;
  keyId: string;
  secret: string;
  alsoFound: string[];
  /** Given when they came from the portal's key file. */
  fileName?: string;
}

/** A key that can sign. */
export interface UsableKey {
  keyId: string;
  algorithm: 'ES256' | 'EdDSA';
  /** A well-formed PEM, SEC1 or PKCS8. */
  pem: Secret;
  /** The public half that came with a 64-byte Ed25519 secret, base64; the signer compares it. */
  publicHalf: string | null;
}

export interface InspectedCredentials {
  inspection: KeyInspection;
  key: UsableKey | null;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const KEY_ID = new RegExp(`^(organizations/${UUID}/apiKeys/)?${UUID}$`, 'i');

/** True for a CDP key name (`organizations/{uuid}/apiKeys/{uuid}`) or a bare UUID (reference 2.1). */
export function isKeyIdShape(keyId: string): boolean {
  return KEY_ID.test(keyId);
}

const LEGACY_KEY = /^[A-Za-z0-9]{16}$/;
const EXCHANGE_KEY = /^[0-9a-f]{32}$/i;

function keyIdDefect(keyId: string): KeyDefect | null {
  if (keyId === '') return 'missing-key-id';
  if (isKeyIdShape(keyId)) return null;
  if (LEGACY_KEY.test(keyId)) return 'legacy-key';
  return EXCHANGE_KEY.test(keyId) ? 'exchange-key' : 'key-id-shape';
}

function areSwapped(keyId: string, secret: string): boolean {
  if (/BEGIN [A-Z ]*PRIVATE KEY/.test(keyId)) return !/BEGIN [A-Z ]*KEY/.test(secret);
  return isKeyIdShape(secret) && !isKeyIdShape(keyId) && keyId !== '';
}

const SUBSTANCE_CHARACTERS_MIN = 16;

// Label lines alone are no secret: registering them would make every well-formed correction look like a leak.
function registerRaw(secret: string): void {
  const substance = secret.replace(/-+\s*(BEGIN|END)[^-]*-+/g, '').replace(/\\+[nr]|\s+/g, '');
  if (substance.length >= SUBSTANCE_CHARACTERS_MIN && !isKeyIdShape(substance))
    registerSecret('API key secret', secret);
}

const NO_MATERIAL: Material = { kind: 'other', algorithm: null, pem: null, publicHalf: null, label: null, defects: [] };

function materialOfSecret(raw: string, text: string): Material {
  if (raw === '') return { ...NO_MATERIAL, defects: ['missing-secret'] };
  return materialOf(text);
}

function kindOf(idDefect: KeyDefect | null, material: Material): KeyInspection['kind'] {
  if (idDefect === 'exchange-key') return 'exchange';
  return idDefect === 'legacy-key' ? 'legacy' : material.kind;
}

const NOT_REPAIRS: ReadonlySet<KeyDefect> = new Set(['key-id-shape']);

interface Looked {
  keyId: string;
  idDefect: KeyDefect | null;
  keyIdDefects: KeyDefect[];
  material: Material;
  secretDefects: KeyDefect[];
}

const REFUSED: ReadonlySet<KeyDefect | null> = new Set<KeyDefect | null>([
  'exchange-key',
  'legacy-key',
  'missing-key-id',
]);

function look(found: FoundCredentials): Looked {
  const swapped = areSwapped(cleanText(found.keyId).text, cleanText(found.secret).text);
  const rawSecret = swapped ? found.keyId : found.secret;
  const id = cleanText(swapped ? found.secret : found.keyId);
  const secret = cleanText(rawSecret);
  registerRaw(rawSecret);
  const idDefect = keyIdDefect(id.text);
  const material = materialOfSecret(rawSecret, secret.text);
  const swap: KeyDefect[] = swapped ? ['swapped'] : [];
  const keyIdDefects = [...swap, ...id.defects, ...(idDefect === null ? [] : [idDefect])];
  const secretDefects = [...swap, ...secret.defects, ...material.defects];
  if (idDefect !== 'key-id-shape' || materialOf(id.text).pem === null) {
    return { keyId: id.text, idDefect, keyIdDefects, material, secretDefects };
  }
  // A secret where the key id belongs is never shown, whatever stands where the secret belongs.
  registerRaw(found.keyId);
  return {
    keyId: '',
    idDefect: 'missing-key-id',
    keyIdDefects: ['swapped', 'missing-key-id'],
    material,
    secretDefects,
  };
}

/** Looks at configured credentials (reference 2.6): every defect by name, and the key in its box when it can sign. Total. */
export function inspectCredentials(found: FoundCredentials): InspectedCredentials {
  const { keyId, idDefect, keyIdDefects, material, secretDefects } = look(found);
  const key = REFUSED.has(idDefect) ? null : keyOf(keyId, material);
  const defects = [...new Set([...keyIdDefects, ...secretDefects])];
  const repaired = key !== null && defects.some((each) => !NOT_REPAIRS.has(each));
  const { source, fileName, alsoFound } = found;
  const { label } = material;
  const inspection: KeyInspection = {
    source,
    alsoFound,
    keyId: keyId === '' ? null : keyId,
    kind: kindOf(idDefect, material),
    algorithm: key?.algorithm ?? null,
    defects,
    repaired,
    usable: key !== null,
    correctedLine: correctedLine({ source, fileName, label, keyId, secretDefects, keyIdDefects }),
    explanation: explain(defects, repaired, key !== null),
  };
  return { inspection, key };
}

function keyOf(keyId: string, material: Material): UsableKey | null {
  if (material.pem === null || material.algorithm === null) return null;
  const pem = new Secret('API key secret', material.pem);
  return { keyId, algorithm: material.algorithm, pem, publicHalf: material.publicHalf };
}

/** The inspection when no credentials are configured. */
export function inspectNothing(): KeyInspection {
  return {
    source: null,
    alsoFound: [],
    keyId: null,
    kind: 'none',
    algorithm: null,
    defects: [],
    repaired: false,
    usable: false,
    correctedLine: null,
    explanation: '',
  };
}

/** The inspection after the signer found a problem that only arithmetic shows, such as a public half of another key. */
export function refusedBySigner(inspection: KeyInspection, defect: KeyDefect): KeyInspection {
  const defects = [...new Set([...inspection.defects, defect])];
  return {
    ...inspection,
    defects,
    algorithm: null,
    usable: false,
    repaired: false,
    explanation: explain(defects, false, false),
  };
}
