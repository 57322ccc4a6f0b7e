// What was typed or pasted, as it may be shown: a secret that got there by mistake is kept from the screen. What is asked of the engine is
// the text itself, in which nothing was cut in two.

import { guardedText } from '../base/secret.ts';
import { redactText } from '../recording/redact.ts';

/** The text without secrets, loaded here or told by their looks. */
export function shownTyping(text: string): string {
  return redactText(guardedText(text)).text;
}
