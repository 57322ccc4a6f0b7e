// Owns what happens to a finished frame on its way out: sent, lost, doubled, swapped or broken, as armed faults say.
import type { Fault, FaultOf, Malformation } from './fault.ts';

/** Faults that strike the next frames of a connection. */
export type FrameFault = FaultOf<'drop'> | FaultOf<'duplicate'> | FaultOf<'reorder'> | FaultOf<'malform'>;

interface Armed {
  fault: FrameFault;
  left: number;
}

export function isFrameFault(fault: Fault): fault is FrameFault {
  return fault.kind === 'drop' || fault.kind === 'duplicate' || fault.kind === 'reorder' || fault.kind === 'malform';
}

export class Outbox {
  readonly #send: (data: string | Buffer) => void;
  #armed: Armed[] = [];
  #held: string | null = null;

  constructor(send: (data: string | Buffer) => void) {
    this.#send = send;
  }

  arm(fault: FrameFault): void {
    this.#armed.push({ fault, left: fault.kind === 'reorder' ? (fault.times ?? 1) : fault.frames });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Sends a finished frame of a channel, or does to it what is armed. */
  frame(channel: string, text: string): void {
    const fault = this.#take(channel);
    if (fault === null) return this.#out(text);
    switch (fault.kind) {
      case 'drop':
        return;
      case 'duplicate':
        this.#out(text);
        return this.#out(text);
      case 'reorder':
        this.#held = text;
        return;
      case 'malform':
        return this.#malform(fault.form, text);
    }
  }

  #out(text: string): void {
    this.#send(text);
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#send(held);
  }

  /** Junk comes beside the true frame; damage that leaves the envelope readable is done to the frame itself. */
  #malform(form: Malformation, text: string): void {
    const extra = junk(form, text);
    if (extra === null) return this.#out(damaged(form, text));
    this.#send(extra);
    this.#out(text);
  }

  #take(channel: string): FrameFault | null {
    const armed = this.#armed[0];
    if (armed === undefined || this.#held !== null) return null;
    const wanted = 'channel' in armed.fault ? armed.fault.channel : undefined;
    if (wanted !== undefined && dataChannel(wanted) !== channel) return null;
    armed.left -= 1;
    if (armed.left <= 0) this.#armed.shift();
    return armed.fault;
  }
}

/** The name a channel has in its data frames. */
export function dataChannel(asked: string): string {
  return asked === 'level2' ? 'l2_data' : asked;
}

function junk(form: Malformation, text: string): string | Buffer | null {
  switch (form) {
    case 'not-json':
      return 'upstream connect error or disconnect/reset before headers. reset reason: overflow';
    case 'truncated':
      return text.slice(0, Math.floor(text.length / 2));
    case 'wrong-envelope':
      return '{"topic":"ticker","seq":1,"payload":{"price":"1"}}';
    case 'binary':
      return Buffer.from([0x00, 0x9f, 0x92, 0x96, 0xff, 0xfe, 0x1b, 0x5b, 0x32, 0x4a]);
    default:
      return null;
  }
}

function damaged(form: Malformation, text: string): string {
  if (form === 'control-characters') {
    return text.replace('"events":[', '"note":"\u001b]0;simulated\u0007\u001b[2J\u0000","events":[');
  }
  if (form === 'huge') return text.replace('"events":[', `"note":"${'x'.repeat(2_000_000)}","events":[`);
  return text.replace(/"timestamp":"[^"]*"/, '"timestamp":17').replace(/"events":\[.*\]\}$/s, '"events":{"0":"none"}}');
}
