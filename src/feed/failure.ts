// Reads what went wrong with an attempt out of Node's errors: the codes, the phase, a sentence. It judges nothing.

import { safeText } from '../base/text.ts';
import type { ConnectPhase } from '../core/fact.ts';

export interface Failure {
  phase: ConnectPhase;
  errorCode: string;
  /** One code for each address tried; the single code when there was no list. */
  errorCodes: string[];
  message: string;
}

const NAME_CODES = /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EREFUSED$|ENONAME)/;
const TLS_CODES =
  /^(EPROTO$|ERR_SSL_|ERR_TLS_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_|INVALID_PURPOSE)/;
const TCP_CODES = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/;
const ERRORS_MAX = 16;

/** An error of ours for a deadline that passed; it carries the code Node uses for its own. */
export class DeadlineError extends Error {
  readonly code = 'ETIMEDOUT';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Node's or a library's error code; the error's name when it has none. */
export function codeOf(error: unknown): string {
  const code = fieldOf(error, 'code') ?? fieldOf(fieldOf(error, 'cause'), 'code');
  if (typeof code === 'string' && code !== '') return code;
  const name = fieldOf(error, 'name');
  return typeof name === 'string' && name !== '' ? name : 'UNKNOWN';
}

function messageOf(error: unknown): string {
  const message = typeof error === 'string' ? error : fieldOf(error, 'message');
  return typeof message === 'string' ? message : '';
}

/** The phase that a code proves, else the one the attempt was in. */
function phaseOf(code: string, reached: ConnectPhase): ConnectPhase {
  if (NAME_CODES.test(code)) return 'dns';
  if (TCP_CODES.test(code)) return 'tcp';
  if (TLS_CODES.test(code)) return 'tls';
  return reached;
}

/** With two addresses a refusal is an AggregateError without a message: its parts say what happened. */
export function readFailure(error: unknown, reached: ConnectPhase): Failure {
  const parts = fieldOf(error, 'errors');
  const errors = Array.isArray(parts) && parts.length > 0 ? parts.slice(0, ERRORS_MAX) : [error];
  const errorCodes = errors.map(codeOf);
  const own = codeOf(error);
  const errorCode = own === 'AggregateError' ? (errorCodes[0] ?? own) : own;
  const message = messageOf(error) || errors.map(messageOf).join('; ') || errorCode;
  return { phase: phaseOf(errorCode, reached), errorCode, errorCodes, message };
}

/** What is told of a socket URL that names no host to connect to. */
export function unusableUrl(url: string): Failure {
  const message = `not a WebSocket URL: ${safeText(url)}; expected wss://host`;
  return { phase: 'dns', errorCode: 'ERR_INVALID_URL', errorCodes: ['ERR_INVALID_URL'], message };
}
