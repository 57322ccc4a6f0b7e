// Words of the exchange in one spelling, so that both sides of a comparison meet: REST says `STOP_LIMIT`, the socket says `Stop Limit`.

const WORD_MAX = 64;

/** Upper case with underscores, and `CANCELLED` for every spelling of it (reference 3.12, part 4). */
export function orderWord(text: string): string {
  const word = text
    .slice(0, WORD_MAX)
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
    .replace(/^ORDER_STATUS_/, '');
  return word === 'CANCELED' ? 'CANCELLED' : word;
}

const TERMINAL = new Set(['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED']);
const QUEUED = new Set(['PENDING', 'QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED']);

/** True when the order can change no more. */
export function isTerminal(status: string): boolean {
  return TERMINAL.has(orderWord(status));
}

/** True for a state that should pass by itself within seconds (reference 6.3 row 54). */
export function isQueued(status: string): boolean {
  return QUEUED.has(orderWord(status));
}
