// Text from anywhere as text of a page: control characters made visible, then nothing left that markup is made of.

import { safeStart } from '../base/text.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** At most `max` characters of a text, safe inside an element and inside a quoted attribute. */
export function escaped(text: string, max = 4_000): string {
  return safeStart(text, max).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
