// Owns what a client's message does to its connection: checks, refusals, snapshot, then acknowledgement, in that
// order. Sends no traffic.

import { findProduct } from './products.ts';
import type { Session } from './session.ts';
import { sendSnapshot } from './snapshots.ts';
import { admit, permissions, strikes } from './world.ts';

interface Asked {
  type: 'subscribe' | 'unsubscribe';
  channel: string;
  productIds: string[] | null;
  jwt: string | null;
}

const marketChannels = new Set(['ticker', 'ticker_batch', 'level2', 'market_trades', 'candles', 'status']);
const privateChannels = new Set(['user', 'futures_balance_summary']);
const refusal = 'authentication failure';

/** Handles one message of a client. */
export function handleMessage(session: Session, text: string): void {
  const asked = readAsked(text);
  if (asked === null) return session.error('failure to subscribe');
  if (asked.jwt === null && tooMany(session)) return session.error('rate limit exceeded');
  session.spoke = true;
  session.world.stats.subscribes += 1;
  const refused = refusalOf(session, asked);
  if (refused !== null) return session.error(refused.message, refused.fields);
  if (asked.type === 'unsubscribe') unsubscribe(session, asked);
  else subscribe(session, asked);
}

function readAsked(text: string): Asked | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { type, channel, product_ids: ids, jwt } = value as Record<string, unknown>;
  if (type !== 'subscribe' && type !== 'unsubscribe') return null;
  return {
    type,
    channel: typeof channel === 'string' ? channel : '',
    productIds: Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : null,
    jwt: typeof jwt === 'string' && jwt !== '' ? jwt : null,
  };
}

function tooMany(session: Session): boolean {
  const { messages, knobs } = session.world;
  if (messages.count(session.address) >= knobs.messagesPerSecond) return true;
  messages.add(session.address);
  return false;
}

/** Why a message is refused; every refusal has the same few texts, whatever lies behind it. */
function refusalOf(session: Session, asked: Asked): { message: string; fields?: Record<string, unknown> } | null {
  const { world, host } = session;
  const rejected = world.faults.take('reject-subscribes', (f) => {
    return strikes(f.fault.on, host) && (f.fault.channel === undefined || f.fault.channel === asked.channel);
  });
  if (rejected !== null)
    return { message: rejected.message ?? refusal, ...(rejected.fields && { fields: rejected.fields }) };
  if (!carried(session, asked.channel)) return { message: refusal };
  if (asked.jwt !== null) {
    const check = admit(world, asked.jwt, null);
    if ('refused' in check) {
      world.stats.refusedTokens += 1;
      return { message: refusal };
    }
    session.tokenEnds = Math.max(session.tokenEnds ?? 0, check.exp);
  }
  const isPrivate = privateChannels.has(asked.channel);
  if (isPrivate && (asked.jwt === null || !permissions(world).view)) return { message: refusal };
  return overCap(session, asked) ? { message: 'too many L2 streams requested in a single session' } : null;
}

function carried(session: Session, channel: string): boolean {
  if (channel === 'heartbeats' || privateChannels.has(channel)) return true;
  return session.host === 'public' && marketChannels.has(channel);
}

function overCap(session: Session, asked: Asked): boolean {
  if (asked.type !== 'subscribe' || asked.channel !== 'level2') return false;
  const all = new Set(session.subscriptions.get('level2')?.keys());
  for (const id of asked.productIds ?? []) if (findProduct(id) !== null) all.add(id);
  return all.size > session.world.knobs.level2Cap;
}

function subscribe(session: Session, asked: Asked): void {
  const { channel } = asked;
  const current = session.subscriptions.get(channel) ?? new Map<string, string>();
  const added = additions(session, asked).filter(([id]) => !current.has(id));
  for (const [id, real] of added) current.set(id, real);
  if (current.size > 0) session.subscriptions.set(channel, current);
  if (added.length > 0)
    sendSnapshot(
      session,
      channel,
      added.map(([, real]) => real),
    );
  acknowledge(session);
  if (channel === 'heartbeats') session.heartbeats.start();
}

/** What a subscribe adds: as named in the acknowledgement → as data names it. Unknown products are dropped without a word. */
function additions(session: Session, asked: Asked): [string, string][] {
  if (asked.channel === 'heartbeats') return [['heartbeats', 'heartbeats']];
  if (asked.channel === 'user') return [[session.world.desk.userId, (asked.productIds ?? []).join(',')]];
  if (asked.channel === 'futures_balance_summary') return [[session.world.desk.userId, '']];
  const out: [string, string][] = [];
  for (const id of asked.productIds ?? []) {
    const product = findProduct(id);
    if (product !== null) out.push([id, product.id]);
  }
  return out;
}

function unsubscribe(session: Session, asked: Asked): void {
  const current = session.subscriptions.get(asked.channel);
  for (const id of asked.productIds ?? []) current?.delete(id);
  if (asked.productIds === null || asked.productIds.length === 0 || current?.size === 0) {
    session.subscriptions.delete(asked.channel);
    if (asked.channel === 'heartbeats') session.heartbeats.stop();
  }
  acknowledge(session);
}

/** The whole current set of the connection, after every subscribe and unsubscribe. */
function acknowledge(session: Session): void {
  if (session.world.faults.find('no-acknowledgement', (f) => strikes(f.fault.on, session.host)) !== null) return;
  const subscriptions: Record<string, string[]> = {};
  for (const [channel, ids] of session.subscriptions) subscriptions[channel] = [...ids.keys()];
  session.send('subscriptions', [{ subscriptions }]);
}
