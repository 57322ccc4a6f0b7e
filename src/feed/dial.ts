// Opens one TCP or TLS connection and times each phase of it. Shared by sockets, REST and probes, so that a phase means the same
// everywhere. It never speaks a protocol above TLS and never turns certificate verification off.

import { connect as netConnect, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  TLSSocket,
  connect as tlsConnect,
} from 'node:tls';
import { CONNECT_TIMEOUT_MS } from '../core/bounds.ts';
import type { Phases } from '../core/fact.ts';
import type { Clock } from './clock.ts';
import { DeadlineError } from './failure.ts';
import type { Target } from './target.ts';

export interface DialOptions {
  clock: Clock;
  /** From `trustOf`; null trusts what Node trusts. */
  trust: SecureContext | null;
  /** For name lookup, TCP and TLS together. */
  timeoutMs?: number | undefined;
}

/** A connection being opened. The socket is usable at once (writes wait); what it has reached is read from the outside. */
export interface Dialling {
  readonly socket: Socket;
  /** Where it stands: what would be blamed if it failed now. */
  readonly reached: 'dns' | 'tcp' | 'tls' | 'ready';
  readonly phases: Phases;
  readonly startedMs: number;
  /** When it became ready, monotonic; null before. */
  readonly readyMs: number | null;
  /** Runs at once when already ready. */
  onReady(run: () => void): void;
}

/** How we name ourselves to the other side. */
export const USER_AGENT = 'cbscope (read-only inspector)';

/** Longer than Node's 250 ms, which gives up on a far-away first address of two. */
const ADDRESS_ATTEMPT_MS = 1_000;

/** The system's certificate authorities and those of `--ca-file`; null when there are none to add. Throws on unreadable PEM. */
export function trustOf(caPem: string | null): SecureContext | null {
  return caPem === null ? null : createSecureContext({ ca: [...getCACertificates('default'), caPem] });
}

/** Negotiated protocol and cipher in words, or null for plain text. */
export function tlsOf(socket: Socket): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  return `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher()?.name ?? ''}`.trim();
}

function open(target: Target, trust: SecureContext | null): Socket {
  const options = {
    host: target.host,
    port: target.port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  if (!target.secure) return netConnect({ ...options, noDelay: true });
  const secure: ConnectionOptions & typeof options = {
    ...options,
    servername: target.isAddress ? '' : target.host,
    ALPNProtocols: ['http/1.1'],
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
    rejectUnauthorized: true,
  };
  if (trust !== null) secure.secureContext = trust;
  return tlsConnect(secure).setNoDelay(true);
}

/** Starts a connection; errors arrive as `error` on the socket, a passed deadline as `ETIMEDOUT`. */
export function dial(target: Target, { clock, trust, timeoutMs = CONNECT_TIMEOUT_MS }: DialOptions): Dialling {
  const startedMs = clock.monotonicMs();
  const phases: Phases = {};
  const socket = open(target, trust);
  const waiting: (() => void)[] = [];
  let reached: Dialling['reached'] = target.isAddress ? 'tcp' : 'dns';
  let readyMs: number | null = null;
  let phaseStartedMs = startedMs;
  const took = (): number => {
    const nowMs = clock.monotonicMs();
    const ms = nowMs - phaseStartedMs;
    phaseStartedMs = nowMs;
    return ms;
  };
  const cancelDeadline = clock.setTimeout(() => {
    socket.destroy(
      new DeadlineError(`not connected to ${target.host}:${target.port} within ${timeoutMs} ms (${reached})`),
    );
  }, timeoutMs);
  const ready = (): void => {
    cancelDeadline();
    reached = 'ready';
    readyMs = clock.monotonicMs();
    for (const run of waiting.splice(0)) run();
  };
  socket.once('lookup', (error: Error | null) => {
    if (error !== null || reached !== 'dns') return;
    phases.dnsMs = took();
    reached = 'tcp';
  });
  socket.once('connect', () => {
    phases.tcpMs = took();
    if (target.secure) reached = 'tls';
    else ready();
  });
  socket.once('secureConnect', () => {
    phases.tlsMs = took();
    ready();
  });
  socket.once('close', cancelDeadline);
  return {
    socket,
    phases,
    startedMs,
    get reached() {
      return reached;
    },
    get readyMs() {
      return readyMs;
    },
    onReady(run) {
      if (readyMs === null) waiting.push(run);
      else run();
    },
  };
}
