// Freely at first; after a pause one call at a time, until one succeeds. Pure bookkeeping of promises.

export interface Turns {
  take<T>(job: () => Promise<T>): Promise<T>;
  oneAtATime(): void;
  freely(): void;
}

export function createTurns(): Turns {
  let careful = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(job) {
      if (!careful) return job();
      const mine = last.then(job);
      last = mine.catch(() => undefined);
      return mine;
    },
    oneAtATime() {
      careful = true;
    },
    freely() {
      careful = false;
    },
  };
}
