// The opening facts of an imported capture: the settings its traffic speaks of, and the key as far as it can be seen.

import type { FactBody, KeyInspection, PollName } from '../core/fact.ts';
import type { Gleanings } from './gleanings.ts';

type Started = Extract<FactBody, { fact: 'session.started' }>;

const POLLS: Record<PollName, number> = {
  time: 0,
  key_permissions: 0,
  accounts: 0,
  orders: 0,
  fills: 0,
  products: 0,
  portfolio: 0,
};
const ORIGIN = 'HAR';

/** `session.started` of a capture. `capture` names the tool that made it. */
export function startedFact(gleanings: Gleanings, capture: string, version: string, hasUser: boolean): Started {
  const { urls } = gleanings;
  const products = [...gleanings.products];
  const channels = [...gleanings.channels];
  const origins = [
    ['products', products.join(',')],
    ['channels', channels.join(',')],
    ['public-url', urls.public],
    ['user-url', urls.user],
    ['rest-url', urls.rest],
  ] as const;
  return {
    fact: 'session.started',
    version,
    mode: 'live',
    settings: {
      products,
      channels,
      publicUrl: urls.public,
      userUrl: urls.user,
      restUrl: urls.rest,
      polls: POLLS,
      needs: [...gleanings.needs],
      uiShows: null,
      user: hasUser,
      rest: urls.rest !== '',
      heartbeats: gleanings.channels.has('heartbeats'),
      signPublic: gleanings.signsPublic,
      reauth: 'never',
      deflate: false,
    },
    origins: origins.map(([name, value]) => ({ name, value, origin: ORIGIN })),
    hmacVariables: [...gleanings.hmac],
    plainTextHosts: [],
    platform: capture,
    capture,
  };
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const CDP_KEY = new RegExp(`^(organizations/${UUID}/apiKeys/)?${UUID}$`, 'i');
const EXCHANGE_KEY = /^[0-9a-f]{32}$/i;

function inspected(more: Partial<KeyInspection> & Pick<KeyInspection, 'kind' | 'keyId'>): FactBody {
  const inspection: KeyInspection = {
    source: ORIGIN,
    alsoFound: [],
    algorithm: null,
    defects: [],
    repaired: false,
    usable: true,
    correctedLine: null,
    explanation: '',
    ...more,
  };
  return { fact: 'key.inspected', inspection };
}

/** What tokens or HMAC headers show of the key; null when the traffic names none. */
export function keyFact({ tokens, hmac, hmacKey }: Gleanings): FactBody | null {
  const token = tokens.first;
  if (token !== null) {
    const { alg, kid } = token;
    const algorithm = alg === 'ES256' || alg === 'EdDSA' ? alg : null;
    const kind = alg === 'ES256' ? 'ecdsa' : alg === 'EdDSA' ? 'ed25519' : 'other';
    return inspected({ kind, algorithm, keyId: kid, defects: CDP_KEY.test(kid) ? [] : ['key-id-shape'] });
  }
  if (hmac.size === 0) return null;
  // A CDP key that is signed with HMAC is a good key in wrong hands.
  if (CDP_KEY.test(hmacKey)) return inspected({ kind: 'other', keyId: hmacKey });
  const isExchange = EXCHANGE_KEY.test(hmacKey) || [...hmac].some((name) => /passphrase/i.test(name));
  return inspected({
    kind: isExchange ? 'exchange' : 'legacy',
    keyId: hmacKey === '' ? null : hmacKey,
    usable: false,
    defects: [isExchange ? 'exchange-key' : 'legacy-key'],
    explanation: `the calls are signed with HMAC (${[...hmac].join(', ')}), which Advanced Trade has not taken since February 2025`,
  });
}
