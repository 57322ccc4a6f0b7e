// What lasted from when to when: sockets open, findings open; and the moments at which REST was refused or failed. Bounded.

import type { ConnectionName, Fact } from '../core/fact.ts';
import type { FindingChange, Severity } from '../core/finding.ts';

/** Recorded ms; open at the end of the recording when `toT` is null. */
export interface Lasting {
  fromT: number;
  toT: number | null;
}

export interface FindingSpan extends Lasting {
  key: string;
  severity: Severity;
}

const SPANS_MAX = 500;

export class SpanGathering {
  readonly sockets: Record<ConnectionName, Lasting[]> = { public: [], user: [] };
  readonly findings: FindingSpan[] = [];
  /** Recorded ms of answers from 400 on and of calls without an answer, and of upgrades that came to nothing. */
  readonly failures: Record<ConnectionName | 'rest', number[]> = { public: [], user: [], rest: [] };

  note(fact: Fact): void {
    const { t } = fact;
    if (fact.fact === 'socket.opened') this.#open(fact.connection, t);
    else if (fact.fact === 'socket.closed' || fact.fact === 'capture.ended') this.#close(fact.connection, t);
    else if (fact.fact === 'upgrade.refused' || fact.fact === 'connect.failed') this.#fail(fact.connection, t);
    else if (fact.fact === 'request.failed') this.#fail('rest', t);
    else if (fact.fact === 'response.arrived' && fact.status >= 400) this.#fail('rest', t);
    else if (fact.fact === 'session.resumed')
      for (const { connection, openedT } of fact.sockets) if (openedT !== null) this.#open(connection, t);
  }

  noteChange({ status, t, finding: { key, severity } }: FindingChange): void {
    if (status === 'raised' && this.findings.length < SPANS_MAX)
      this.findings.push({ key, severity, fromT: t, toT: null });
    const open = this.findings.findLast((span) => span.key === key && span.toT === null);
    if (open === undefined) return;
    if (severity === 'critical') open.severity = severity;
    if (status === 'cleared') open.toT = t;
  }

  #open(connection: ConnectionName, t: number): void {
    this.#close(connection, t);
    const spans = this.sockets[connection];
    if (spans.length < SPANS_MAX) spans.push({ fromT: t, toT: null });
  }

  #close(connection: ConnectionName, t: number): void {
    const last = this.sockets[connection].at(-1);
    if (last?.toT === null) last.toT = t;
  }

  #fail(talker: ConnectionName | 'rest', t: number): void {
    const moments = this.failures[talker];
    if (moments.length < SPANS_MAX) moments.push(t);
  }
}
