// Tables whose keys come from outside: `__proto__`, `constructor` and the like are keys as any other. Knows nothing of what they hold.

/** An empty table without a prototype: a key that was never set reads as undefined, whatever its name. */
export function newTable<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
