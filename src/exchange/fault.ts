// Owns the list of everything that can be made to go wrong, as plain JSON. It does nothing itself.
import { shapes } from './fault-shape.ts';
import type { RateBody } from './knobs.ts';

/** Which WebSocket host a fault strikes; both when left out. */
export type On = 'public' | 'user' | 'both';

/** A fault with `seconds` ends by itself after that time; without, it lasts until cleared or used up. */
interface Timed {
  seconds?: number;
}

/** One connection (the oldest) or all; with `nextOpens` the next N connections instead, `afterMs` after they open. */
interface Strike {
  on?: On;
  pick?: 'one' | 'all';
  nextOpens?: number;
  afterMs?: number;
}

/** Body of an answer made up by a fault. `challenge` is the edge's bot check; `text` replaces it when given. */
export type BodyKind = 'empty' | 'plain' | 'json' | 'html' | 'challenge';

interface Answer {
  status: number;
  body?: BodyKind;
  text?: string;
  headers?: Record<string, string>;
}

/** Requests whose path contains `path` (all when left out), for `count` requests and/or `seconds`. */
interface Aim extends Timed {
  path?: string;
  method?: string;
  count?: number;
}

interface Frames {
  on?: On;
  frames: number;
  channel?: string;
}

export type Malformation =
  | 'not-json'
  | 'truncated'
  | 'wrong-envelope'
  | 'control-characters'
  | 'invalid-types'
  | 'huge'
  | 'binary';

/** Everything that can be made to go wrong. */
export type Fault =
  // connections
  | ({ kind: 'close'; code: number; reason?: string } & Strike)
  | ({ kind: 'cut'; how: 'fin' | 'reset' } & Strike)
  | ({ kind: 'mute'; on?: On; pongs?: boolean; alsoNew?: boolean } & Timed)
  | ({ kind: 'refuse-upgrades'; on?: On; count?: number } & Answer & Timed)
  | ({ kind: 'hang-upgrades'; on?: On; count?: number } & Timed)
  | ({ kind: 'reset-upgrades'; on?: On; count?: number } & Timed)
  | ({ kind: 'refuse-connections'; on?: On | 'rest' | 'all' } & Timed)
  | ({ kind: 'tls'; certificate: 'expired' | 'self-signed' | 'wrong-host' } & Timed)
  // frames
  | ({ kind: 'silence'; on?: On; channel: string; product?: string } & Timed)
  | ({ kind: 'drop' } & Frames)
  | ({ kind: 'duplicate' } & Frames)
  | { kind: 'reorder'; on?: On; times?: number }
  | ({ kind: 'malform'; form: Malformation } & Frames)
  | { kind: 'text'; on?: On; text: string }
  | { kind: 'error-frame'; on?: On; message: string; fields?: Record<string, unknown> }
  // heartbeats
  | { kind: 'skip-heartbeats'; on?: On; beats: number; useSequence?: boolean }
  | ({ kind: 'delay-heartbeats'; on?: On; ms: number } & Timed)
  | ({ kind: 'heartbeat-string'; on?: On } & Timed)
  // subscriptions
  | ({ kind: 'no-acknowledgement'; on?: On } & Timed)
  | ({
      kind: 'reject-subscribes';
      on?: On;
      channel?: string;
      count?: number;
      message?: string;
      fields?: Record<string, unknown>;
    } & Timed)
  | ({ kind: 'expire-tokens'; on?: On; code?: number } & Timed)
  | ({ kind: 'big-snapshot'; bytes?: number } & Timed)
  // REST
  | ({ kind: 'rest-status' } & Answer & Aim)
  | ({ kind: 'rest-delay'; ms: number } & Aim)
  | ({ kind: 'hang-rest' } & Aim)
  | ({ kind: 'cut-rest'; how: 'fin' | 'reset' } & Aim)
  | ({
      kind: 'limits';
      publicPerSecond?: number;
      privatePerSecond?: number;
      headers?: boolean;
      body?: RateBody;
      retryAfter?: number | null;
    } & Timed)
  | ({
      kind: 'other-traffic';
      bucket: 'public' | 'private';
      perSecond: number;
      fromPerSecond?: number;
      rampSeconds?: number;
    } & Timed)
  | { kind: 'penalty'; seconds: number }
  | ({ kind: 'time-cache'; ageSeconds?: number } & Timed)
  // clock and keys
  | ({ kind: 'skew'; ms: number } & Timed)
  | ({ kind: 'token-tolerance'; ms: number } & Timed)
  | ({ kind: 'disable-key' } & Timed)
  | ({ kind: 'permissions'; view?: boolean; trade?: boolean; transfer?: boolean } & Timed)
  | ({ kind: 'bind-portfolio'; portfolio: 'default' | 'bots' } & Timed)
  // state
  | ({ kind: 'stick-order'; status: 'OPEN' | 'CANCEL_QUEUED'; fill?: boolean; product?: string } & Timed)
  | ({ kind: 'mismatch'; asset: string; amount: string } & Timed);

export type FaultKind = Fault['kind'];

/** The fault of one kind, with its own fields. */
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

/** Checks that a value read from outside is a fault; otherwise says in one sentence what is wrong with it. */
export function parseFault(value: unknown): Fault | { problem: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'A fault is a JSON object with a "kind", such as {"kind":"drop","frames":1}.' };
  }
  const fields = value as Record<string, unknown>;
  const shape = typeof fields.kind === 'string' && Object.hasOwn(shapes, fields.kind) ? fields.kind : null;
  if (shape === null) {
    const known = Object.keys(shapes).join(', ');
    return { problem: `Unknown fault kind ${JSON.stringify(fields.kind)}; expected one of ${known}.` };
  }
  const problem = firstProblem(shape as FaultKind, fields);
  return problem === null ? (value as Fault) : { problem };
}

function firstProblem(kind: FaultKind, fields: Record<string, unknown>): string | null {
  const shape = shapes[kind];
  for (const name of Object.keys(fields)) {
    if (name === 'kind') continue;
    if (!Object.hasOwn(shape, name)) {
      return `Fault "${kind}" has no field "${name}"; its fields are ${Object.keys(shape).join(', ') || 'none'}.`;
    }
  }
  for (const [name, field] of Object.entries(shape)) {
    const value = fields[name];
    if (value === undefined) {
      if (field.required) return `Fault "${kind}" needs "${name}": ${field.expected}.`;
    } else if (!field.accepts(value)) {
      return `Fault "${kind}", field "${name}": expected ${field.expected}, got ${JSON.stringify(value)}.`;
    }
  }
  return null;
}
