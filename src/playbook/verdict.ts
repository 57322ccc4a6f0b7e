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

function healthySentence(model: Model): { sentence: string; confidence: Verdict['confidence'] } {
  if (model.capture !== null) {
    const { connections, rest } = model;
    const frames = connections.public.traffic.frames + connections.user.traffic.frames;
    const seen = `${plural(frames, 'frame')} and ${plural(rest.requests, 'call')}`;
    return { sentence: `No trouble seen in the capture so far: ${seen}.`, confidence: 'medium' };
  }
  const wanted = [model.connections.public, model.connections.user].filter((connection) => connection.state !== 'off');
  const open = wanted.filter((connection) => connection.state === 'open' && connection.framesOnSocket > 0);
  const rest = model.rest.enabled
    ? model.rest.lastOkT === null
      ? 'REST has not answered yet'
      : 'REST answers'
    : 'REST is off';
  if (wanted.length === 0) return { sentence: `No trouble seen: no socket is asked for, ${rest}.`, confidence: 'low' };
  if (open.length < wanted.length) {
    const waiting = wanted.filter((connection) => !open.includes(connection)).map((connection) => connection.name);
    return {
      sentence: `No trouble seen so far; waiting for the ${waiting.join(' and the ')} socket.`,
      confidence: 'low',
    };
  }
  const beats = open.reduce((sum, connection) => sum + connection.heartbeat.beats, 0);
  const sockets = open.length === 2 ? 'Both sockets are' : `The ${open[0]?.name} socket is`;
  const pulse = beats > 0 ? `heartbeats on time (${plural(beats, 'beat')})` : 'no heartbeat yet';
  return { sentence: `${sockets} open, ${pulse}, ${rest}.`, confidence: beats > 0 ? 'high' : 'medium' };
}

export function verdict(model: Model, book: CaseBook): Verdict {
  const leading = leadingFinding(book);
  if (leading === null) return { party: 'healthy', ...healthySentence(model), findingKey: null };
  return { party: leading.party, confidence: leading.confidence, sentence: leading.title, findingKey: leading.key };
}
