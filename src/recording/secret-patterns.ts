// What secrets look like in text: the rules that redaction applies and that the scan of a packet asserts. Pure; it changes nothing.
// Stand-ins are written in square brackets, which no rule matches, so a text that was redacted once stays as it is.

export const SIGNATURE_REMOVED = '[signature removed]';
export const KEY_REMOVED = '[private key removed]';
export const REMOVED = '[removed]';
export const EMAIL_REMOVED = '[e-mail removed]';

/** What a rule removes, for people. */
export type RemovedKind =
  | 'token signature'
  | 'private key'
  | 'bearer token'
  | 'cookie'
  | 'signing header'
  | 'secret field'
  | 'e-mail address'
  | 'registered secret';

export interface SecretRule {
  kind: RemovedKind;
  /** Global; every match that `holds` is a secret. */
  pattern: RegExp;
  /** The text to put for a match; the match itself when it is no secret after all. */
  replace: (match: string, ...groups: string[]) => string;
}

// Header and claims begin `{"` in base64url; the signature is whatever base64url follows.
// The bound keeps a hostile run of `eyJ` from costing its square.
const TOKEN = /(eyJ[A-Za-z0-9_-]{5,1000}\.[A-Za-z0-9_-]{2,})\.[A-Za-z0-9_-]+/g;

// Line breaks of a PEM as they are, or escaped a few times, or URL-encoded. The body may be cut off, so the end line is optional.
const PRIVATE_KEY =
  /-----BEGIN[ +%][A-Z0-9 +%]{0,40}PRIVATE(?: |\+|%(?:25)*20)KEY-----(?:[A-Za-z0-9+/=\s:,.]|%(?:25)*[0-9A-Fa-f]{2}|-(?!-)|\\{1,8}[nrt])*(?:-----END[ +%][A-Z0-9 +%]{0,40}PRIVATE(?: |\+|%(?:25)*20)KEY-----)?/g;
const KEY_BODY = /[A-Za-z0-9+/=]{16}/;

/** A letter of base64, as it is or URL-encoded; and letters of it in lines, whose breaks are as they are, or escaped, or URL-encoded. */
const LETTER = '(?:[A-Za-z0-9+/_-]|%(?:25)*2[BbFf])';
const PADDING = '(?:=|%(?:25)*3[Dd])';
const LINES = `${LETTER}+${PADDING}{0,2}(?:(?:\\s|\\\\{1,8}[nr]|%(?:25)*0[AaDd])+(?=${LETTER}{16})${LETTER}+${PADDING}{0,2})*`;

// A key without its label lines: how SEC1, PKCS #8 (P-256, Ed25519, RSA) and PKCS #1 begin, in base64 and in hex.
const BARE_KEY = new RegExp(
  `(?:M(?:Hc|HQ|DE)CAQEEI|MI[GH][A-Za-z0-9+/](?:AgEBB[DE]|AgEAMB[AM]GByqGSM49)|MEECAQAwEwYHKoZIzj0|M(?:C4CAQA|FECAQE)wBQYDK2VwBCIEI|MII[A-Za-z0-9+/]{3}IBA(?:DANBgkqhki|AK[BC]))${LINES}`,
  'g',
);
const BARE_KEY_HEX =
  /30(?:77|31)0201010420[0-9a-f]{64,}|30(?:[0-7][0-9a-f]|81[0-9a-f]{2}|82[0-9a-f]{4})02010[01]30(?:1306072a8648ce3d0201|0506032b6570|0d06092a864886f70d0101)[0-9a-f]{40,}/gi;

// Base64 of 64 bytes: the portal's Ed25519 secret, if its second half is the public key of its first.
const KEY_PAIR = new RegExp(`(?<![A-Za-z0-9+/])${LETTER}{86}${PADDING}{2}`, 'g');

// The private number of a key written as JSON (RFC 7517).
const JWK_VALUE = /^[A-Za-z0-9_-]{43,}$/;
const JWK_NUMBER = /((?<![\w"])\\{0,8}"[dk]\\{0,8}"\s*:\s*\\{0,8}")([A-Za-z0-9_-]{43,})/g;

// A scheme followed by something with a digit or too long for a word: "Bearer authentication failed" stays.
const BEARER =
  /\b((?:bearer|basic)(?:\s+|%(?:25)*20|\+))(?!eyJ[\w-]+\.[\w-]+\.\[)((?=[A-Za-z0-9._~+/=-]*\d)[A-Za-z0-9._~+/=-]{12,}|[A-Za-z0-9._~+/=-]{24,})/gi;

// `name=value` pairs behind a cookie header, whose attributes are no secrets; and Cloudflare's own cookies wherever they stand.
const COOKIE_HEADER = /\b((?:set-)?cookie\\*["']?\s*[:=]\s*\\*["']?)([^"'\\\r\n]+)/gi;
const COOKIE_PAIR = /(?<![^;,\s])([^=;,\s]+)=([^;,\s]+)/g;
const COOKIE_ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|version|priority)$/i;
const EDGE_COOKIE = /\b(__cf_bm|cf_clearance|_cfuvid|__cflb|__cfruid)(\s*=\s*)([^;,\s"'\\[]+)/g;

const SIGNING_HEADER =
  /\b(cb-access-(?:sign(?:ature)?|passphrase|token)\\*["']?\s*[:=]\s*\\*["']?)([^\s"'\\,;[][^\s"'\\,;]*)/gi;

const SECRET_NAME =
  '[\\w-]{0,40}(?:secret|private_?key|passphrase|password|signature|access_token|refresh_token|id_token)';
// A field of JSON, and of JSON inside a string of JSON, whose quotes are escaped. A text cut off inside the value counts too.
const SECRET_FIELD = new RegExp(`(")(${SECRET_NAME})("\\s*:\\s*")((?:[^"\\\\]|\\\\[\\s\\S])+)`, 'gi');
const NESTED_SECRET_FIELD = new RegExp(
  `((?<!\\\\)\\\\{1,8}")(${SECRET_NAME})(\\1\\s*:\\s*\\1)((?:(?!(?<!\\\\)\\1)[\\s\\S]){1,8192})`,
  'gi',
);
const SECRET_PARAMETER = new RegExp(`\\b(${SECRET_NAME})(\\s*=\\s*["']?)([A-Za-z0-9+/=_%-]{16,})`, 'gi');

// Bounded on both sides, so that a hostile run costs no more than its length.
const EMAIL = /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b/g;

const FIELD_LENGTH_MIN = 8;
const SIGNATURE_LENGTH_MIN = 16;
const STAND_IN = /^\[(?:[a-z -]*removed|redacted|masked)\]$/;

function isSecretValue(name: string, value: string): boolean {
  if (STAND_IN.test(value)) return false;
  if (/passphrase|password/i.test(name)) return value.length > 0;
  return value.length >= (/signature/i.test(name) ? SIGNATURE_LENGTH_MIN : FIELD_LENGTH_MIN);
}

function withoutCookieValues(header: string): string {
  return header.replace(COOKIE_PAIR, (pair, name: string, value: string) =>
    COOKIE_ATTRIBUTE.test(name) || STAND_IN.test(value) ? pair : `${name}=${REMOVED}`,
  );
}

function fieldRule(pattern: RegExp): SecretRule {
  return {
    kind: 'secret field',
    pattern,
    replace: (match, quote, name = '', between, value = '') =>
      isSecretValue(name, value) ? `${quote}${name}${between}${REMOVED}` : match,
  };
}

/** In the order in which they are applied: cookies go whole; tokens before bearers, so that their claims stay readable. */
export const SECRET_RULES: readonly SecretRule[] = [
  {
    kind: 'cookie',
    pattern: COOKIE_HEADER,
    replace: (_match, name, value = '') => `${name}${withoutCookieValues(value)}`,
  },
  { kind: 'cookie', pattern: EDGE_COOKIE, replace: (_match, name, equals) => `${name}${equals}${REMOVED}` },
  { kind: 'token signature', pattern: TOKEN, replace: (_match, claims) => `${claims}.${SIGNATURE_REMOVED}` },
  { kind: 'private key', pattern: PRIVATE_KEY, replace: (match) => (isKeyBlock(match) ? KEY_REMOVED : match) },
  { kind: 'private key', pattern: BARE_KEY, replace: () => KEY_REMOVED },
  { kind: 'private key', pattern: BARE_KEY_HEX, replace: () => KEY_REMOVED },
  { kind: 'private key', pattern: KEY_PAIR, replace: (match) => (isKeyPair(match) ? KEY_REMOVED : match) },
  { kind: 'private key', pattern: JWK_NUMBER, replace: (_match, name) => `${name}${KEY_REMOVED}` },
  { kind: 'bearer token', pattern: BEARER, replace: (_match, scheme) => `${scheme}${REMOVED}` },
  { kind: 'signing header', pattern: SIGNING_HEADER, replace: (_match, name) => `${name}${REMOVED}` },
  fieldRule(SECRET_FIELD),
  fieldRule(NESTED_SECRET_FIELD),
  { kind: 'secret field', pattern: SECRET_PARAMETER, replace: (_match, name, equals) => `${name}${equals}${REMOVED}` },
  { kind: 'e-mail address', pattern: EMAIL, replace: () => EMAIL_REMOVED },
];

function isKeyBlock(match: string): boolean {
  const body = match.replace(/-----[^-]*-----/g, ' ').replace(/\\+[nrt]/g, ' ');
  return KEY_BODY.test(` ${body}`);
}

/** What stands before the 32 bytes of a private number in PKCS #8. */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const HALF = 32;

function isKeyPair(base64: string): boolean {
  const bytes = Buffer.from(base64.replaceAll(/%(?:25)*2B/gi, '+').replaceAll(/%(?:25)*2F/gi, '/'), 'base64');
  // Loaded when it is needed: the screen redacts what is typed, and hardly ever sees one.
  const { createPrivateKey, createPublicKey } = process.getBuiltinModule('node:crypto');
  const key = Buffer.concat([ED25519_HEAD, bytes.subarray(0, HALF)]);
  const publicKey = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  return publicKey
    .export({ format: 'der', type: 'spki' })
    .subarray(-HALF)
    .equals(bytes.subarray(HALF, 2 * HALF));
}

// What every rule needs somewhere, so that ordinary text is looked through once.
const SUSPICIOUS =
  /@|eyJ|PRIVATE(?: |\+|%(?:25)*20)KEY|bearer[\s%+]|basic[\s%+]|cookie|__cf|cf_clearance|_cfuvid|cb-access|secret|private_?key|passphrase|password|signature|access_token|refresh_token|id_token|kty\\*"/i;

/** At the end of every pair. */
const PADDED = /==|%3d/i;

/** Somewhere in every key without label lines, in base64. */
const BARE_KEY_MARK =
  /M(?:Hc|HQ|DE)CAQEEI|AgEBB[DE]|AgEAMB[AM]GByqGSM49|AwEwYHKoZIzj0|DK2VwBCIEI|IBADANBgkqhki|IBAAK[BC]/;

/** `eyJ`, `PRIVATE KEY` and `Bearer ` as they stand in base64, at each of the three places in a group. */
export const ENCODED_MARK = /ZXlK|V5S|leUp|UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW|QmVhcmVyI|JlYXJlci|CZWFyZXIg/;

/** The same in hex, whatever the case. */
export const HEX_MARK = /65794a|50524956415445204b4559|42656172657220/i;

/** Hex that is long enough for a signature of ours. */
const HEX_RUN_MIN = 80;

function isHexAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}

/** Looks at one character in eighty: a regular expression takes as long as everything else together. */
function hasHexRun(text: string): boolean {
  for (let at = HEX_RUN_MIN - 1; at < text.length; at += HEX_RUN_MIN) {
    if (!isHexAt(text, at)) continue;
    let start = at;
    let end = at + 1;
    while (start > 0 && isHexAt(text, start - 1)) start -= 1;
    while (end < text.length && isHexAt(text, end)) end += 1;
    if (end - start >= HEX_RUN_MIN) return true;
  }
  return false;
}

/** False when no rule can match: the quick answer for almost every text. */
export function looksSuspicious(text: string): boolean {
  if (SUSPICIOUS.test(text) || ENCODED_MARK.test(text) || BARE_KEY_MARK.test(text)) return true;
  return PADDED.test(text) || HEX_MARK.test(text) || hasHexRun(text);
}

// A name with a hyphen is a header's: `cb-2fa-token`, `x-api-key`, `x-auth-secret`.
const SECRET_HEADER =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|cb-access-sign(?:ature)?|[a-z0-9]{1,20}-(?:[a-z0-9]{1,20}-){0,4}(?:token|secret|passphrase|password|api-?key))$/i;
const SECRET_KEY = new RegExp(`^${SECRET_NAME}$`, 'i');

/** What a value is when the name beside it says so (a header, a field); null when the name is innocent or the value no secret. */
export function secretByName(name: string, value: string): RemovedKind | null {
  if (STAND_IN.test(value) || value === '') return null;
  if (SECRET_HEADER.test(name)) return /cookie$/i.test(name) ? 'cookie' : 'signing header';
  if (/^[dk]$/.test(name) && JWK_VALUE.test(value)) return 'private key';
  return SECRET_KEY.test(name) && isSecretValue(name, value) ? 'secret field' : null;
}

/** A header's value without what is secret in it: claims and cookie names stay. */
export function maskedHeader(name: string, value: string): string {
  if (/cookie$/i.test(name)) return withoutCookieValues(value);
  return value.includes(SIGNATURE_REMOVED) || value.includes(REMOVED) ? value : REMOVED;
}

const ASSERTED = new Set<RemovedKind>(['token signature', 'private key', 'bearer token']);

/** The first token with signature, private key or bearer value in a text, with its offset; null when there is none. */
export function findSecretLike(text: string): { kind: RemovedKind; offset: number } | null {
  if (!looksSuspicious(text)) return null;
  for (const { kind, pattern, replace } of SECRET_RULES) {
    if (!ASSERTED.has(kind)) continue;
    for (const match of text.matchAll(pattern)) {
      if (replace(...(match as unknown as [string, ...string[]])) !== match[0]) return { kind, offset: match.index };
    }
  }
  return null;
}
