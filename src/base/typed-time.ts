// An instant as a person types or pastes it. UTC, unless it says otherwise.

const TYPED = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** `2026-11-22T20:14:06.489Z`, `2026-11-22 20:14` as epoch ms; null for what is no instant yet. */
export function typedTime(text: string): number | null {
  const [, date = '', time = '', zone = ''] = TYPED.exec(text.trim()) ?? [];
  const at = Date.parse(`${date}T${time.replace(',', '.')}${/^[+-]/.test(zone) ? zone : 'Z'}`);
  return Number.isNaN(at) ? null : at;
}
