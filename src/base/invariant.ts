// A claim about our own code. A broken one is a bug of ours, never a trouble of the network: it throws, also in production.

export function invariant(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new Error(`cbscope broke its own rule: ${reason}`);
}

/** For the end of an exhaustive switch: the compiler proves that nothing reaches it. */
export function unreachable(value: never): never {
  throw new Error(`cbscope met a case it does not know: ${String(value)}`);
}
