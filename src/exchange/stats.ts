// Owns the counters of what an exchange has served. Counts only; nothing depends on them.

export interface StatsView {
  connections: { public: { open: number; total: number }; user: { open: number; total: number } };
  frames: { public: number; user: number };
  refusedUpgrades: number;
  refusedTokens: number;
  subscribes: number;
  /** Answers by HTTP status. */
  requests: Record<string, number>;
}

export class Stats {
  readonly connections = { public: { open: 0, total: 0 }, user: { open: 0, total: 0 } };
  readonly frames = { public: 0, user: 0 };
  refusedUpgrades = 0;
  refusedTokens = 0;
  subscribes = 0;
  readonly requests: Record<string, number> = {};

  answered(status: number): void {
    this.requests[status] = (this.requests[status] ?? 0) + 1;
  }

  view(): StatsView {
    return structuredClone({
      connections: this.connections,
      frames: this.frames,
      refusedUpgrades: this.refusedUpgrades,
      refusedTokens: this.refusedTokens,
      subscribes: this.subscribes,
      requests: this.requests,
    });
  }
}
