// Owns the time the exchange believes in. Everything that shows or checks a time reads it here, never Date.now().

/** The server's clock: the machine's clock plus a skew that may change at any moment. */
export class ServerClock {
  skewMs = 0;
  #lastMs = 0;
  #fraction = 0;

  /** Milliseconds since the epoch, as this server sees it. */
  now(): number {
    return Date.now() + this.skewMs;
  }

  /** Whole seconds since the epoch, as tokens use them. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** RFC 3339 with up to `digits` fractional digits; grows within one millisecond, so that order is kept. */
  stamp(digits: 6 | 9 = 9): string {
    return `${this.#seconds()}.${this.#nanos().slice(0, digits)}Z`;
  }

  /** Go's raw time.Time, the form heartbeats carry: trailing zeros cut, with the monotonic reading. */
  goTime(uptimeSeconds: number): string {
    const nanos = this.#nanos();
    const fraction = nanos.replace(/0+$/, '');
    const day = this.#seconds().replace('T', ' ');
    return `${day}${fraction === '' ? '' : `.${fraction}`} +0000 UTC m=+${uptimeSeconds.toFixed(9)}`;
  }

  #seconds(): string {
    return new Date(this.now()).toISOString().slice(0, 19);
  }

  #nanos(): string {
    const ms = this.now();
    this.#fraction = ms === this.#lastMs ? Math.min(this.#fraction + 1013, 999_999) : 104_729 + (ms % 997);
    this.#lastMs = ms;
    return String(ms % 1000).padStart(3, '0') + String(this.#fraction).padStart(6, '0');
  }
}

/** RFC 3339 in milliseconds without trailing zeros in the fraction. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
