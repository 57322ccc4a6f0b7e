// Whose fault, in one sentence: the worst open finding above info, root causes first; healthy when none is open.

import type { TrackedFinding, Verdict } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { CaseBook } from './case-book.ts';
import { byWeight } from './precedence.ts';
import { plural } from './rule.ts';

/** How the screen and the lines name a party. */
export const PARTY_NAMES = {
  healthy: 'HEALTHY',
  configuration: 'YOUR CONFIGURATION',
  key: 'YOUR KEY',
  network: 'YOUR NETWORK',
  coinbase: 'COINBASE',
  tool: 'THIS TOOL',
  unknown: 'NOT ENOUGH EVIDENCE',
} as const;

/** The finding the verdict rests on, or null. */
export function leadingFinding(book: CaseBook): TrackedFinding | null {
  const standing = [...book.open.values()].filter((finding) => finding.severity !== 'info');
  return standing.sort((a, b) => byWeight(a, b) || a.firstT - b.firstT)[0] ?? null;
}

/** How far the health goes back: nothing was ever seen, or what was seen is over. */
function noTrouble(book: CaseBook): string {
  const earlier = [...book.history.values()].filter(({ severity }) => severity !== 'info').length;
  return earlier === 0 ? 'No trouble seen so far' : `No trouble now, ${plural(earlier, 'finding')} earlier`;
}

function healthySentence(model: Model, book: CaseBook): { sentence: string; confidence: Verdict['confidence'] } {
  if (model.capture !== null) {
    const { connections, rest } = model;
    const frames = connections.public.traffic.frames + connections.user.traffic.frames;
    const seen = `${plural(frames, 'frame')} and ${plural(rest.requests, 'call')}`;
    return { sentence: `${noTrouble(book)} in the capture: ${seen}.`, confidence: 'medium' };
  }
  const wanted = [model.connections.public, model.connections.user].filter((connection) => connection.state !== 'off');
  const open = wanted.filter((connection) => connection.state === 'open' && connection.framesOnSocket > 0);
  const rest = model.rest.enabled
    ? model.rest.lastOkT === null
      ? 'REST has not answered yet'
      : 'REST answers'
    : 'REST is off';
  if (wanted.length === 0)
    return { sentence: `${noTrouble(book)}: no socket is asked for, ${rest}.`, confidence: 'low' };
  if (open.length < wanted.length) {
    const waiting = wanted.filter((connection) => !open.includes(connection)).map((connection) => connection.name);
    return {
      sentence: `${noTrouble(book)}; waiting for the ${waiting.join(' and the ')} socket.`,
      confidence: 'low',
    };
  }
  const beats = open.reduce((sum, connection) => sum + connection.heartbeat.beats, 0);
  const sockets = open.length === 2 ? 'Both sockets are' : `The ${open[0]?.name} socket is`;
  const pulse = beats > 0 ? `heartbeats on time (${plural(beats, 'beat')})` : 'no heartbeat yet';
  return { sentence: `${sockets} open, ${pulse}, ${rest}.`, confidence: beats > 0 ? 'high' : 'medium' };
}

/** Experiments that finished this long before a finding was raised still speak about it. */
const PROBES_BEFORE_MS = 30_000;

/**
 * What the control experiments make of a finding: where something else of the network fails too, it is the network; where all of it
 * passes, a fault of Coinbase is the likelier and one of the network the less likely. Null when they say nothing about it.
 */
function weighed(model: Model, leading: TrackedFinding): Verdict['confidence'] | null {
  const { probes } = model;
  if (probes === null || probes.t < leading.firstT - PROBES_BEFORE_MS) return null;
  const tried = probes.results.filter(({ result, name }) => result !== 'skipped' && !name.includes('key_permissions'));
  if (tried.length === 0) return null;
  const allPass = tried.every(({ result }) => result === 'pass');
  if (leading.party === 'network') return allPass ? 'medium' : 'high';
  return leading.party === 'coinbase' && !allPass ? 'medium' : null;
}

export function verdict(model: Model, book: CaseBook): Verdict {
  const leading = leadingFinding(book);
  if (leading === null) return { party: 'healthy', ...healthySentence(model, book), findingKey: null };
  const { party, confidence, title: sentence, key: findingKey } = leading;
  return { party, confidence: weighed(model, leading) ?? confidence, sentence, findingKey };
}
