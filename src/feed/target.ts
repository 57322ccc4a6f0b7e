// What a URL means for a connection: host, port, whether it is encrypted, and whether a token may travel on it. Pure.

import { isIP } from 'node:net';
import { isLoopback } from '../coinbase/hosts.ts';

export interface Target {
  /** Host name or address, without brackets. */
  host: string;
  port: number;
  secure: boolean;
  isAddress: boolean;
  /** Host as facts name it: with the port, unless it is the scheme's own. */
  name: string;
}

/** Reads a ws, wss, http or https URL; null when it is none. */
export function targetOf(url: string): Target | null {
  const parsed = URL.parse(url);
  if (parsed === null) return null;
  const secure = parsed.protocol === 'wss:' || parsed.protocol === 'https:';
  if (!secure && parsed.protocol !== 'ws:' && parsed.protocol !== 'http:') return null;
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(parsed.port) || (secure ? 443 : 80),
    secure,
    isAddress: isIP(host) !== 0,
    name: parsed.host,
  };
}

/** A token may travel here: encrypted, or never leaving the machine. */
export function mayCarryToken(url: string): boolean {
  const target = targetOf(url);
  return target !== null && (target.secure || isLoopback(target.host));
}
