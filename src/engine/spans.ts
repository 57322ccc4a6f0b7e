// The small readings that several views share: how long ago, and which host.

export function since(t: number | null, now: number | null): number | null {
  return t === null || now === null ? null : Math.max(0, now - t);
}

export function hostOf(url: string): string {
  return url.replace(/^\w+:\/\//, '').replace(/\/.*$/, '');
}
