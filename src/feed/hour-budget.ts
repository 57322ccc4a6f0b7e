// Counts the requests of the last hour, so that fast polls cannot use up an hourly limit (reference 5.1). Pure but for its own count.

export interface HourBudget {
  /** Counts one request, unless the hour is full: then false. */
  spend(nowMs: number): boolean;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** A budget of `limit` requests in any hour, counted by the minute. */
export function createHourBudget(limit: number): HourBudget {
  const byMinute = new Map<number, number>();
  return {
    spend(nowMs) {
      const minute = Math.floor(nowMs / MINUTE_MS);
      let used = 0;
      for (const [at, count] of byMinute) {
        if (at <= minute - MINUTES - 1) byMinute.delete(at);
        else used += count;
      }
      if (used >= limit) return false;
      byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1);
      return true;
    },
  };
}
