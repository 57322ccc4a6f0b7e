// A live session without sockets: the bench hands it frames and, where it must be repeatable, the time.

import { inspectNothing } from '../../src/coinbase/key.ts';
import type { ConnectionName, Fact, FactBody } from '../../src/core/fact.ts';
import type { Stamps } from '../../src/engine/engine.ts';
import { Session } from '../../src/engine/session.ts';
import { listenOnly } from './support-settings.ts';
import { coinbaseMix, newCounters, numberFrame } from './support-traffic.ts';

/** One read of a socket brings at most so much. */
const READ_BYTES = 65_536;

export interface FedSession {
  session: Session;
  emit: (body: FactBody) => void;
}

/** An open public socket with three subscribed channels; nothing is recorded to a file. */
export async function fedSession(stamps: Stamps): Promise<FedSession> {
  const settings = listenOnly('ws://127.0.0.1:1');
  let emit: (body: FactBody) => void = () => undefined;
  const session = new Session({
    mode: 'live',
    version: 'bench',
    stamps,
    opening: openingFacts(),
    makeFeed: (tell) => {
      emit = tell;
      return { start: () => undefined, perform: () => undefined, stop: async () => undefined };
    },
    escalate: async () => ({ ok: false, message: 'not here' }),
    nameFile: () => '/dev/null',
  });
  session.start();
  emit({ fact: 'socket.connecting', connection: 'public', url: settings.publicUrl, host: '127.0.0.1', attempt: 1 });
  emit(opened());
  for (const channel of [...settings.channels, 'heartbeats']) {
    const text = JSON.stringify({ type: 'subscribe', channel, product_ids: settings.products });
    emit({ fact: 'frame.sent', connection: 'public', text, token: null });
  }
  return { session, emit };
}

export function openingFacts(): FactBody[] {
  const settings = listenOnly('ws://127.0.0.1:1');
  return [
    {
      fact: 'session.started',
      version: 'bench',
      mode: 'live',
      settings,
      origins: [],
      hmacVariables: [],
      plainTextHosts: [],
      platform: 'bench',
    },
    { fact: 'key.inspected', inspection: inspectNothing() },
  ];
}

export function opened(): FactBody {
  return {
    fact: 'socket.opened',
    connection: 'public',
    host: '127.0.0.1',
    address: '127.0.0.1',
    phases: { tcpMs: 1, upgradeMs: 2, totalMs: 3 },
    extensions: '',
    tls: null,
    headers: {},
  };
}

/** One frame of the mix after the other, as a socket gives them: views of what one read brought. */
export function frameMaker(): (connection: ConnectionName) => FactBody {
  const mix = coinbaseMix(4_096);
  const counters = newCounters();
  let next = 0;
  let read = Buffer.allocUnsafeSlow(READ_BYTES);
  let used = 0;
  return (connection) => {
    const frame = mix[next++ % mix.length];
    if (frame === undefined) throw new Error('the mix is empty');
    if (used + frame.bytes.length > READ_BYTES) {
      read = Buffer.allocUnsafeSlow(READ_BYTES);
      used = 0;
    }
    const bytes = read.subarray(used, used + frame.bytes.length);
    used += bytes.length;
    frame.bytes.copy(bytes);
    numberFrame(bytes, 0, frame, counters);
    const fact: Fact = { seq: 0, at: 0, t: 0, fact: 'frame.received', connection, bytes, binary: false, plain: false };
    return fact;
  };
}
