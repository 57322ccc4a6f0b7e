// The interface of every source of facts. A feed emits; the engine stamps, folds, and hands commands back. Only the live feed obeys them.

import type { Command } from '../core/command.ts';
import type { FactBody } from '../core/fact.ts';

/** Stamps and folds a fact at once; may be called from any callback of the shell. */
export type Emit = (body: FactBody) => void;

export interface Feed {
  start(): void;
  perform(command: Command): void;
  /** Closes everything it opened; resolves within a second. */
  stop(reason: string): Promise<void>;
}
