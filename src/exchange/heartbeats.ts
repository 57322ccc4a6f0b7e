// Owns the heartbeats of one connection: one a second, counted from a large start, late or left out as faults say.
import type { FaultOf } from './fault.ts';
import type { Session } from './session.ts';
import { strikes } from './world.ts';

export class Heartbeats {
  readonly #session: Session;
  /** Uptime of the pretended server process at the first beat: another back end for every connection. */
  readonly #bornSeconds: number;
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;
  #startedAt = 0;
  #lastDueMs = 0;
  #skips: { left: number; useSequence: boolean }[] = [];

  constructor(session: Session) {
    this.#session = session;
    this.#bornSeconds = session.world.random.int(40_000, 2_000_000) + session.world.random.between(0.2, 0.8);
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  start(): void {
    if (this.running) return;
    this.#startedAt = performance.now() - this.#beats * this.#session.world.knobs.heartbeatMs;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  skip(fault: FaultOf<'skip-heartbeats'>): void {
    this.#skips.push({ left: fault.beats, useSequence: fault.useSequence === true });
  }

  /** Forgets what was still to be left out. */
  forgive(): void {
    this.#skips = [];
  }

  #schedule(): void {
    const dueAt = this.#startedAt + (this.#beats + 1) * this.#session.world.knobs.heartbeatMs;
    this.#timer = setTimeout(
      () => {
        this.#beats += 1;
        this.#schedule();
        this.#beat();
      },
      Math.max(0, dueAt - performance.now()),
    ).unref();
  }

  #beat(): void {
    const { world } = this.#session;
    const uptime = this.#bornSeconds + this.#beats;
    if (this.#left()) return;
    const text = world.faults.find('heartbeat-string', (f) => strikes(f.fault.on, this.#session.host)) !== null;
    const counter = Math.floor(uptime);
    const events = [{ current_time: world.clock.goTime(uptime), heartbeat_counter: text ? String(counter) : counter }];
    const delayMs = this.#delayMs();
    if (delayMs <= 0) this.#session.send('heartbeats', events);
    else this.#session.later(delayMs, () => this.#session.send('heartbeats', events));
  }

  /** Whether this beat is left out. */
  #left(): boolean {
    const skip = this.#skips[0];
    if (skip === undefined) return false;
    skip.left -= 1;
    if (skip.left <= 0) this.#skips.shift();
    if (skip.useSequence) this.#session.skipSequence();
    return true;
  }

  /** A delayed beat is never overtaken by a later one. */
  #delayMs(): number {
    const fault = this.#session.world.faults.find('delay-heartbeats', (f) => strikes(f.fault.on, this.#session.host));
    const now = performance.now();
    const due = Math.max(now + (fault?.fault.ms ?? 0), this.#lastDueMs + 5);
    this.#lastDueMs = due;
    return due - now;
  }
}
