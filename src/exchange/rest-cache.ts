// Owns the edge cache before the public market paths: one second, by URL. Bounded; nothing private ever enters it.
import { hash } from './random.ts';
import type { Reply } from './rest-call.ts';

interface Kept {
  reply: Reply;
  at: number;
}

const lifeMs = 1000;
const mostKept = 200;

export class RestCache {
  readonly #kept = new Map<string, Kept>();

  /** The kept answer if it is fresh, else a new one; both with the edge's headers. */
  serve(url: string, make: () => Reply): Reply {
    const kept = this.#kept.get(url);
    const ageMs = kept === undefined ? Number.POSITIVE_INFINITY : performance.now() - kept.at;
    if (kept !== undefined && ageMs < lifeMs) return withEdge(kept.reply, 'HIT', ageMs);
    const reply = make();
    if (reply.status === 200) this.#keep(url, reply);
    return withEdge(reply, kept === undefined ? 'MISS' : 'EXPIRED', 0);
  }

  #keep(url: string, reply: Reply): void {
    this.#kept.delete(url);
    this.#kept.set(url, { reply, at: performance.now() });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function withEdge(reply: Reply, status: string, ageMs: number): Reply {
  if (reply.status !== 200) return reply;
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'cache-control': 'public, max-age=14400',
      'cf-cache-status': status,
      age: String(Math.floor(ageMs / 1000)),
      etag: `W/"${hash(reply.text).toString(16)}"`,
    },
  };
}
