// Ids turned into tokens by a keyed hash whose salt dies with the process: the same id is the same token all over one packet and in no
// other. It replaces text in finished files and knows nothing of their shape; what the ticket needs is kept.

import { createHmac, createSecretKey, randomBytes } from 'node:crypto';

type Kind = 'order' | 'portfolio' | 'user' | 'account' | 'client' | 'id';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const UUID_ONE = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const IS_UUID = new RegExp(`^${UUID_ONE}$`, 'i');
/** An id beside the name of its field, quotes as they are or escaped, however often. */
const NAMED = new RegExp(`([A-Za-z_-]{2,40})\\\\*"\\s*:\\s*\\\\*"(${UUID_ONE})`, 'gi');
/** An id in a path or a query. */
const IN_URL = new RegExp(
  `(orders|portfolios|accounts|portfolio_uuid|retail_portfolio_id|order_ids?)[/=](${UUID_ONE})`,
  'gi',
);
/** An id of any shape: what the customer's program made up, and what another exchange or an older API calls an account. */
const ANY_ID =
  /((?:client_order|order|user|profile|account|(?:retail_)?portfolio)_(?:id|uuid))\\*"\s*:\s*\\*"(?!\[)([^"\\]{6,128})/g;
/** Words of which most such ids are one. */
const WORD = /[A-Za-z0-9_-]{6,128}/g;
/** Ids by which T2 finds the request again. */
const TRACE = /request|trace|ray|correlation/i;

const TOKEN_DIGITS = 6;
/** Which name says more about an id that stands beside several. */
const RANK: readonly Kind[] = ['order', 'portfolio', 'user', 'account', 'client', 'id'];

function kindOf(name: string): Kind {
  if (/client/i.test(name)) return 'client';
  if (/order/i.test(name)) return 'order';
  if (/portfolio/i.test(name)) return 'portfolio';
  if (/user|profile/i.test(name)) return 'user';
  return /account|^uuid$/i.test(name) ? 'account' : 'id';
}

/** Where whole words end: an id inside a longer word is another id. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export class Pseudonyms {
  readonly #salt = createSecretKey(randomBytes(32));
  readonly #kept: Set<string>;
  readonly #kinds = new Map<string, Kind>();
  /** Ids of other shapes: those that are one word, and those that are not. */
  readonly #words = new Map<string, Kind>();
  readonly #phrases = new Map<string, Kind>();
  readonly #tokens = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `kept`: texts whose ids stay, such as the API key id and the order id of the ticket. */
  constructor(kept: readonly string[]) {
    this.#kept = new Set(kept.flatMap((text) => [text, ...(text.match(UUID) ?? [])]).map((id) => id.toLowerCase()));
  }

  #learn(id: string, kind: Kind): void {
    const known = this.#kinds.get(id);
    if (known === undefined || RANK.indexOf(kind) < RANK.indexOf(known)) this.#kinds.set(id, kind);
  }

  /** Learns which ids a text holds and what they are ids of. To be called with every text before the first is replaced. */
  learn(text: string): void {
    for (const [, name = '', id = ''] of text.matchAll(NAMED)) {
      if (TRACE.test(name)) this.#kept.add(id.toLowerCase());
      else this.#learn(id.toLowerCase(), kindOf(name));
    }
    for (const [, name = '', id = ''] of text.matchAll(IN_URL)) this.#learn(id.toLowerCase(), kindOf(name));
    for (const [id] of text.matchAll(UUID)) this.#learn(id.toLowerCase(), 'id');
    for (const [, name = '', id = ''] of text.matchAll(ANY_ID)) {
      if (this.#kept.has(id.toLowerCase()) || IS_UUID.test(id)) continue;
      const ids = id.replace(WORD, '') === '' ? this.#words : this.#phrases;
      if (!ids.has(id)) ids.set(id, kindOf(name));
    }
  }

  #token(id: string, kind: Kind): string {
    const known = this.#tokens.get(id);
    if (known !== undefined) return known;
    const hash = createHmac('sha256', this.#salt).update(id).digest('hex');
    let digits = TOKEN_DIGITS;
    while (this.#taken.has(`${kind}_${hash.slice(0, digits)}`) && digits < hash.length) digits += 1;
    const token = `${kind}_${hash.slice(0, digits)}`;
    this.#taken.add(token);
    this.#tokens.set(id, token);
    return token;
  }

  /** A word as it is to be; the figures of an id are also those of amounts, which stand in no quotes. */
  #word(word: string, at: number, all: string): string {
    const kind = this.#words.get(word);
    const isFigure = /^\d+$/.test(word) && !/["\\/=]/.test(all[at - 1] ?? '');
    return kind === undefined || isFigure ? word : this.#token(word, kind);
  }

  /** The text with every id in it replaced, those kept left as they are. */
  apply(text: string): string {
    const replaced = text.replace(UUID, (id) => {
      const lower = id.toLowerCase();
      return this.#kept.has(lower) ? id : this.#token(lower, this.#kinds.get(lower) ?? 'id');
    });
    const inWords =
      this.#words.size === 0 ? replaced : replaced.replace(WORD, (word, at, all) => this.#word(word, at, all));
    if (this.#phrases.size === 0) return inWords;
    const longestFirst = [...this.#phrases.keys()].sort((a, b) => b.length - a.length).map(escaped);
    const phrases = new RegExp(`(?<![\\w-])(?:${longestFirst.join('|')})(?![\\w-])`, 'g');
    return inWords.replace(phrases, (id) => this.#token(id, this.#phrases.get(id) ?? 'id'));
  }

  /** `2 order, 1 portfolio ids as tokens`: what was learnt and is not kept. */
  describe(): string {
    const counts = new Map<Kind, number>();
    const add = (kind: Kind): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [id, kind] of this.#kinds) if (!this.#kept.has(id)) add(kind);
    for (const kind of [...this.#words.values(), ...this.#phrases.values()]) add(kind);
    const parts = RANK.flatMap((kind) =>
      counts.has(kind) ? [`${counts.get(kind)} ${kind === 'id' ? 'other' : kind}`] : [],
    );
    return parts.length === 0
      ? 'asked for, and no id to replace'
      : `${parts.join(', ')} ids, by a salt that is kept nowhere`;
  }
}
