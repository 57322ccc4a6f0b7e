// Owns the text that tells a person how to talk to a running exchange.
// The key in it is of the exchange's own making, good for loopback only.
import type { Exchange } from './exchange.ts';

export interface Described extends Pick<Exchange, 'publicUrl' | 'userUrl' | 'restUrl' | 'keys' | 'caPem'> {}

/** Where things were written, for those that were. */
export interface Written {
  keyFile?: string | undefined;
  caFile?: string | undefined;
  scenario?: string | undefined;
}

/** What `cbscope exchange` prints when it is ready: URLs, key, a block for a `.env` file, what to type next. */
export function describeExchange(exchange: Described, written: Written = {}): string {
  const { publicUrl, userUrl, restUrl } = exchange;
  const lines = [
    'SIMULATED exchange, on this machine only.',
    '',
    `  public WebSocket  ${publicUrl}`,
    `  user WebSocket    ${userUrl}`,
    `  REST              ${restUrl}/api/v3/brokerage/...`,
    ...(written.scenario === undefined ? [] : [`  scenario          ${written.scenario}`]),
    ...(written.keyFile === undefined ? [] : [`  key file          ${written.keyFile}`]),
    ...(written.caFile === undefined ? [] : [`  CA certificate    ${written.caFile}`]),
    '',
    'Lines for a .env file:',
    '',
    ...environmentLines(exchange),
    '',
    'Then, in another terminal:',
    '',
    `  cbscope watch${written.caFile === undefined ? '' : ` --ca-file ${written.caFile}`}`,
    '',
    'A line of JSON typed here is a fault, for example:',
    '',
    '  {"kind":"drop","on":"public","frames":2}',
    '  {"kind":"skew","ms":-45000,"seconds":10}',
    '  {"kind":"close","on":"user","code":1001}',
    '',
    '"help" lists all faults, "clear" ends those in force, "stats" prints what was served. Ctrl-C stops the exchange.',
    '',
  ];
  return lines.join('\n');
}

/** The settings of a client, one `NAME="value"` a line; the PEM keeps its line breaks as \n inside quotes. */
export function environmentLines(exchange: Described): string[] {
  const { id, secret } = exchange.keys.es256;
  return [
    `COINBASE_API_KEY="${id}"`,
    `COINBASE_API_SECRET="${secret.trim().replaceAll('\n', '\\n')}"`,
    `CBSCOPE_PUBLIC_URL="${exchange.publicUrl}"`,
    `CBSCOPE_USER_URL="${exchange.userUrl}"`,
    `CBSCOPE_REST_URL="${exchange.restUrl}"`,
  ];
}
