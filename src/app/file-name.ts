// Names of files that nobody named: made from the time.

/** `cbscope-20261122-201407.ndjson` for a recording, `cbscope-window-…` for the last minutes; the time is UTC, epoch ms. */
export function fileName(what: 'recording' | 'window', wallMs: number): string {
  const stamp = new Date(wallMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `cbscope-${what === 'window' ? 'window-' : ''}${stamp}.ndjson`;
}
