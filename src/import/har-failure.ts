// Why a captured request had no answer: the words of browsers and proxies as the error codes that Node would have raised.
// What is no failure of the way (cancelled, blocked by an extension, unsaid) gets a code that accuses nobody.

import type { ConnectPhase } from '../core/fact.ts';

export interface HarFailure {
  phase: ConnectPhase;
  errorCode: string;
}

const FAILURES: readonly [RegExp, ConnectPhase, string][] = [
  [
    /NAME_NOT_RESOLVED|NAME_RESOLUTION|name or service not known|ENOTFOUND|EAI_AGAIN|getaddrinfo|nodename/i,
    'dns',
    'ENOTFOUND',
  ],
  [/CONNECTION_REFUSED|ECONNREFUSED|connection refused|actively refused/i, 'tcp', 'ECONNREFUSED'],
  [/CERT_DATE_INVALID|certificate has expired|CERT_HAS_EXPIRED/i, 'tls', 'CERT_HAS_EXPIRED'],
  [/CERT_COMMON_NAME|ALTNAME|hostname mismatch/i, 'tls', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/ERR_CERT|certificate verify|self.signed|unknown ca|SELF_SIGNED/i, 'tls', 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/ERR_SSL|TLS handshake|SSL|EPROTO/i, 'tls', 'EPROTO'],
  [/TIMED_OUT|ETIMEDOUT|timed out|timeout/i, 'response', 'ETIMEDOUT'],
  [
    /CONNECTION_RESET|ECONNRESET|reset by peer|EMPTY_RESPONSE|server disconnected|CONNECTION_CLOSED/i,
    'response',
    'ECONNRESET',
  ],
  [/ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED|NETWORK_CHANGED|unreachable/i, 'tcp', 'ENETUNREACH'],
];

/** The phase and code of a failure that was told in these words; `NO_ANSWER` when they tell none. */
export function readFailure(words: string): HarFailure {
  const found = FAILURES.find(([pattern]) => pattern.test(words));
  return found === undefined ? { phase: 'request', errorCode: 'NO_ANSWER' } : { phase: found[1], errorCode: found[2] };
}
