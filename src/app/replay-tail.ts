// The end of a large recording at once, before anybody has read the rest of it: the last stretch folded over what it lets be known of
// what came before. A makeshift: what only the rest could tell is missing, and nothing is invented.

import type { ConnectionName, Fact, FactBody, FactOf, ResumedChannel, ResumedSocket, Settings } from '../core/fact.ts';
import { Engine } from '../engine/engine.ts';
import { readRecordedFact } from '../engine/read-fact.ts';
import type { Recording } from '../recording/reader.ts';
import { placeNearEnd } from '../recording/tail.ts';

const TAIL_BYTES = 4 * 1024 * 1024;
/** Facts that tell of a socket that it was open before them. */
const OPEN_BEFORE = new Set<Fact['fact']>([
  'frame.received',
  'frame.sent',
  'ping.sent',
  'pong.received',
  'socket.closed',
]);
const NOTE = 'the end of a recording, whose rest is still being read';

async function openingOf(recording: Recording): Promise<Fact[]> {
  for await (const { facts } of recording.batches()) {
    return facts.filter(({ fact }) => fact === 'session.started' || fact === 'key.inspected');
  }
  return [];
}

async function lastFactsOf(recording: Recording, bytes: number): Promise<Fact[]> {
  const place = await placeNearEnd(recording.path, bytes);
  const facts: Fact[] = [];
  if (place === null) return facts;
  for await (const batch of recording.batches(place)) facts.push(...batch.facts);
  return facts;
}

/** Channels that data came on: they were asked for and acknowledged, whenever that was. */
function channelsOf(facts: readonly Fact[], name: ConnectionName, settings: Settings): ResumedChannel[] {
  const seen = new Set<string>();
  for (const fact of facts) {
    if (fact.fact !== 'frame.received' || fact.connection !== name) continue;
    const reading = readRecordedFact(fact);
    if (reading.of === 'scan' && reading.channel !== null) seen.add(reading.channel);
    else if (reading.of === 'frame' && reading.decoded.envelope.channel !== null)
      seen.add(reading.decoded.envelope.channel);
  }
  seen.delete('subscriptions');
  const askedT = facts[0]?.t ?? 0;
  return [...seen].map((dataName) => ({
    channel: dataName === 'l2_data' ? 'level2' : dataName,
    productIds: dataName === 'heartbeats' || dataName === 'user' ? [] : settings.products,
    signed: false,
    askedT,
    acknowledgedT: askedT,
    acknowledged: null,
    firstDataT: askedT,
    lastDataT: askedT,
    frames: 0,
  }));
}

function socketOf(facts: readonly Fact[], name: ConnectionName, settings: Settings): ResumedSocket | null {
  const own = facts.find((fact) => 'connection' in fact && fact.connection === name);
  if (own === undefined || !OPEN_BEFORE.has(own.fact)) return null;
  const url = name === 'public' ? settings.publicUrl : settings.userUrl;
  const openedT = facts[0]?.t ?? 0;
  const before = facts.findIndex((fact) => fact.fact === 'socket.connecting' && fact.connection === name);
  return {
    connection: name,
    state: 'open',
    note: '',
    url,
    host: url.replace(/^\w+:\/\//, ''),
    attempt: 1,
    openedT,
    lastSequence: null,
    lastFrameT: null,
    lastPongT: null,
    heartbeatCounter: null,
    heartbeatT: null,
    channels: channelsOf(before < 0 ? facts : facts.slice(0, before), name, settings),
    token: null,
  };
}

/** What the last stretch lets be known of the moment before it. */
function resumedBefore(facts: readonly Fact[], settings: Settings): FactOf<'session.resumed'> | null {
  const first = facts[0];
  if (first === undefined) return null;
  const sockets = (['public', 'user'] as const).flatMap((name) => socketOf(facts, name, settings) ?? []);
  const body: Extract<FactBody, { fact: 'session.resumed' }> = {
    fact: 'session.resumed',
    note: NOTE,
    sockets,
    clock: null,
    uiShows: null,
    openFindings: [],
  };
  return { ...body, seq: Math.max(1, first.seq - 1), at: first.at, t: first.t };
}

/** An engine that has seen the last stretch of a plain recording; null where its end cannot be read by itself. */
export async function engineAtEnd(recording: Recording, tailBytes = TAIL_BYTES): Promise<Engine | null> {
  if (recording.compression !== 'none') return null;
  const [opening, facts] = await Promise.all([openingOf(recording), lastFactsOf(recording, tailBytes)]);
  const settings = opening.find((fact) => fact.fact === 'session.started')?.settings;
  const resumed = settings === undefined ? null : resumedBefore(facts, settings);
  if (resumed === null) return null;
  const engine = new Engine();
  for (const fact of [...opening, resumed, ...facts]) engine.replay(fact);
  return engine;
}
