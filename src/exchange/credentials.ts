// Owns the ways a client's credentials can be right or wrong in a scenario. It makes texts; it never checks them.
import type { ExchangeKeys } from './identity.ts';

/** Every kind a scenario may ask for. */
export const credentialKinds = [
  'es256',
  'ed25519',
  'none',
  'legacy',
  'newlines',
  'quoted',
  'one-line',
  'truncated',
  'wrong-pair',
  'p384',
] as const;

export type CredentialKind = (typeof credentialKinds)[number];

export interface Credentials {
  id: string;
  secret: string;
}

/** The id and secret that a client of this kind has in its environment; null for a client without a key. */
export function credentialsFor(keys: ExchangeKeys, kind: CredentialKind): Credentials | null {
  const { id, secret } = keys.es256;
  switch (kind) {
    case 'es256':
      return { id, secret };
    case 'ed25519':
      return { id: keys.ed25519.id, secret: keys.ed25519.secret };
    case 'none':
      return null;
    case 'legacy':
      return { id: 'k3Jx8LmQ2vTz9RwB', secret: 'u7Yd2Kq9sWn4Xc6VbR1tZp8MhGf3JaEo' };
    case 'newlines':
      return { id, secret: secret.trim().replaceAll('\n', '\\n') };
    case 'quoted':
      return { id, secret: `"${secret.trim()}"` };
    case 'one-line':
      return { id, secret: secret.trim().replaceAll('\n', ' ') };
    case 'truncated':
      return { id, secret: secret.slice(0, secret.indexOf('\n')) };
    case 'wrong-pair':
      return { id, secret: keys.wrongPair.secret };
    case 'p384':
      return { id, secret: keys.p384.secret };
  }
}
