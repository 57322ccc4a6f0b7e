// Owns the bodies that are not ordinary answers: edge pages and error texts.
// Pages are stand-ins of the real size and look.
import type { BodyKind } from './fault.ts';
import type { RateBody } from './knobs.ts';

export interface Body {
  type: string;
  text: string;
}

export const jsonType = 'application/json';
export const plainType = 'text/plain; charset=utf-8';
export const htmlType = 'text/html; charset=UTF-8';

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

export function reasonOf(status: number): string {
  return reasons[status] ?? (status < 400 ? 'OK' : 'Error');
}

/** JSON error in the service's usual three fields. */
export function errorBody(error: string, message: string): Body {
  return { type: jsonType, text: JSON.stringify({ error, error_details: message, message }) };
}

/** A body of the wanted kind for a status. */
export function madeBody(kind: BodyKind, status: number): Body {
  switch (kind) {
    case 'empty':
      return { type: plainType, text: '' };
    case 'plain':
      return {
        type: plainType,
        text: status === 503 ? 'go/sg/00000000-0000-4000-8000-000000000000' : reasonOf(status),
      };
    case 'json':
      return status >= 500
        ? { type: jsonType, text: '{"error":"INTERNAL","error_details":"","message":"internal error"}' }
        : errorBody('unknown', reasonOf(status).toLowerCase());
    case 'html':
      return { type: htmlType, text: status === 429 ? throttlePage() : edgePage(status) };
    case 'challenge':
      return { type: htmlType, text: challengePage() };
  }
}

/** The body of a 429 in the wanted form. */
export function throttleBody(kind: RateBody): Body {
  if (kind === 'json') {
    return { type: jsonType, text: '{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}' };
  }
  return kind === 'html' ? { type: htmlType, text: throttlePage() } : { type: plainType, text: '' };
}

function throttlePage(): string {
  const padding = '.c{margin:0;padding:0;border:0;font:inherit;vertical-align:baseline}\n'.repeat(40);
  return `<html>\n<head><title>Coinbase</title><meta name="robots" content="noindex"><style>${padding}</style></head>\n<body>Please try again shortly.</body>\n</html>\n`;
}

function edgePage(status: number): string {
  return `<!DOCTYPE html>\n<html lang="en"><head><title>Coinbase Error</title></head><body><h1>${reasonOf(status)}</h1><p>Error reference number: ${status}</p></body></html>\n`;
}

function challengePage(): string {
  return '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="refresh" content="390"></head><body class="no-js"><div class="main-wrapper"><h1>Attention Required! | Cloudflare</h1><p>Sorry, you have been blocked</p></div><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script></body></html>\n';
}
