// Every form in which a secret may be written down: its encodings, the lines of a PEM, and the private number inside the key material. Pure;
// it keeps nothing.

/** A text that gives the secret away, and what that form is called. */
export interface SecretForm {
  text: string;
  encoding: string;
  /** It may come back from a server that was never told it: frames are watched for it. Inner key material is searched for in files only. */
  watched: boolean;
}

const SHORTEST_PEM_LINE = 20;
const PRIVATE_NUMBER_BYTES = 32;
/** An octet string of 32 bytes: where the private number stands in SEC1 and PKCS #8. */
const PRIVATE_NUMBER = Buffer.from([0x04, PRIVATE_NUMBER_BYTES]);

/** As it stands in the base64 of a longer text, behind one or two other bytes of its group of three; the ends hold neighbours. */
function shifted(bytes: Buffer, by: 1 | 2): string {
  const padded = Buffer.concat([Buffer.alloc(by), bytes]);
  const whole = padded.subarray(0, padded.length - (padded.length % 3));
  return whole.toString('base64').slice(4);
}

function lowerPercents(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (written) => written.toLowerCase());
}

function bytesForms(bytes: Buffer): [string, string][] {
  const hex = bytes.toString('hex');
  return [
    ['base64', bytes.toString('base64').replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ['hex', hex],
    ['hex', hex.toUpperCase()],
  ];
}

/** Letters beyond ASCII as many programs write them into JSON. */
function asciiJson(escaped: string): string {
  return escaped.replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What may come back as the name of a header, whose capitals nobody keeps. */
const HEADER_NAME = /^[\w.-]{1,64}$/;

function textForms(value: string): [string, string][] {
  const bytes = Buffer.from(value, 'utf8');
  const escaped = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  return [
    ['raw', value],
    ...bytesForms(bytes),
    ['base64, shifted', shifted(bytes, 1)],
    ['base64, shifted', shifted(bytes, 2)],
    ['URL-encoded', url],
    ['URL-encoded', lowerPercents(url)],
    ['URL-encoded twice', encodeURIComponent(url)],
    ['URL-encoded', url.replaceAll('%20', '+')],
    ['JSON-escaped', escaped],
    ['JSON-escaped', asciiJson(escaped)],
    ['JSON-escaped', asciiJson(escaped).replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)],
    ['JSON-escaped twice', JSON.stringify(escaped).slice(1, -1)],
    ['lower case', HEADER_NAME.test(value) ? value.toLowerCase() : value],
  ];
}

function pemLines(value: string): string[] {
  return value
    .split(/\\n|\r?\n|\s+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_PEM_LINE && !line.startsWith('-----'));
}

/** The bytes of a key: a PEM's body, or base64 of 32 or 64 bytes; null for what is no key. */
function keyBytes(value: string): Buffer | null {
  const body = value
    .replace(/-----[^-]*-----/g, '')
    .replace(/\\+[nrt]/g, '')
    .replace(/[\s"']/g, '');
  if (!/^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(body)) return null;
  const bytes = Buffer.from(body, 'base64');
  const isKey = value.includes('PRIVATE KEY') || bytes.length === 32 || bytes.length === 64;
  return isKey ? bytes : null;
}

function privateNumbers(bytes: Buffer): Buffer[] {
  if (bytes.length === 64) return [bytes.subarray(0, PRIVATE_NUMBER_BYTES)];
  const at = bytes.indexOf(PRIVATE_NUMBER);
  const number = bytes.subarray(at + PRIVATE_NUMBER.length, at + PRIVATE_NUMBER.length + PRIVATE_NUMBER_BYTES);
  return at < 0 || number.length < PRIVATE_NUMBER_BYTES ? [] : [number];
}

function innerForms(value: string): SecretForm[] {
  const bytes = keyBytes(value);
  if (bytes === null) return [];
  const forms = [bytes, ...privateNumbers(bytes)].flatMap(bytesForms);
  return forms.map(([encoding, text]) => ({ text, encoding: `key material, ${encoding}`, watched: false }));
}

const ESCAPABLE = /["\\]/;

/**
 * The secret however often it was escaped, where there is something in it to escape; null where there is not. `part` is its longest stretch
 * that no escaping changes.
 */
export function escapedForm(value: string): { pattern: RegExp; part: string } | null {
  const text = value.trim();
  if (!ESCAPABLE.test(text)) return null;
  const pieces = text.match(/["\\]|[^"\\]+/g) ?? [];
  const source = pieces.map((piece) => {
    if (piece === '"') return '\\\\{0,64}"';
    return piece === '\\' ? '\\\\{1,64}' : piece.replace(/[.*+?^${}()|[\]]/g, '\\$&');
  });
  const part = pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
  return { pattern: new RegExp(source.join(''), 'g'), part };
}

/** All forms of one secret, the likeliest first. */
export function formsOf(value: string): SecretForm[] {
  const texts = [...new Set([value, value.trim(), ...pemLines(value)])];
  const forms = texts.flatMap((text) =>
    textForms(text).map(([encoding, written]) => ({ text: written, encoding, watched: true })),
  );
  return [...forms, ...innerForms(value)];
}
