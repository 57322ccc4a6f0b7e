// Controls across a thread border: `serveControls` on the engine's side, `controlsOver` on the screen's. Plain data only.
// One snapshot is in flight; the next is sent when the screen has taken the last, and only the newest.

import type { MessagePort } from 'node:worker_threads';
import type { BodyWindow, FactDetail, Snapshot } from '../core/snapshot.ts';
import type { TimelineQuery } from '../core/timeline.ts';
import type { Action, Controls, Outcome } from './controls.ts';

type Up =
  | { type: 'taken' }
  | { type: 'act'; id: number; action: Action }
  | { type: 'detail'; id: number; seq: number; window: BodyWindow }
  | { type: 'look'; query: TimelineQuery }
  | { type: 'drew'; screensPerSecond: number }
  | { type: 'stop'; reason: string };

type Down =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'outcome'; id: number; outcome: Outcome }
  | { type: 'detail'; id: number; detail: FactDetail | null }
  | { type: 'stopped' };

/** What both a worker and a message port can do. */
export interface Link {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** Serves the controls until they are stopped. */
export function serveControls(controls: Controls, port: MessagePort | Link): void {
  const post = (message: Down): void => port.postMessage(message);
  let inFlight = false;
  let waiting: Snapshot | null = null;
  const send = (snapshot: Snapshot): void => {
    inFlight = true;
    waiting = null;
    post({ type: 'snapshot', snapshot });
  };
  controls.subscribe((snapshot) => {
    if (inFlight) waiting = snapshot;
    else send(snapshot);
  });
  port.on('message', (message: unknown) => {
    const up = message as Up;
    switch (up.type) {
      case 'taken':
        inFlight = false;
        if (waiting !== null) send(waiting);
        return;
      case 'act':
        void controls.act(up.action).then(
          (outcome) => post({ type: 'outcome', id: up.id, outcome }),
          (error: unknown) =>
            post({ type: 'outcome', id: up.id, outcome: { ok: false, message: `it failed: ${String(error)}` } }),
        );
        return;
      case 'detail':
        void controls.detail(up.seq, up.window).then(
          (detail) => post({ type: 'detail', id: up.id, detail }),
          () => post({ type: 'detail', id: up.id, detail: null }),
        );
        return;
      case 'look':
        return controls.look(up.query);
      case 'drew':
        return controls.drew(up.screensPerSecond);
      case 'stop':
        void controls.stop(up.reason).then(() => post({ type: 'stopped' }));
        return;
    }
  });
}

/** The controls of an engine in another thread. */
export function controlsOver(link: Link): Controls {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const outcomes = new Map<number, (outcome: Outcome) => void>();
  const details = new Map<number, (detail: FactDetail | null) => void>();
  let stopped: (() => void) | null = null;
  /** The newest, for who comes to listen after it did. */
  let latest: Snapshot | null = null;
  let nextId = 1;
  const post = (message: Up): void => link.postMessage(message);
  link.on('message', (message: unknown) => {
    const down = message as Down;
    if (down.type === 'snapshot') {
      latest = down.snapshot;
      for (const listener of listeners) listener(down.snapshot);
      post({ type: 'taken' });
    } else if (down.type === 'outcome') {
      outcomes.get(down.id)?.(down.outcome);
      outcomes.delete(down.id);
    } else if (down.type === 'detail') {
      details.get(down.id)?.(down.detail);
      details.delete(down.id);
    } else if (down.type === 'stopped') stopped?.();
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      if (latest !== null) listener(latest);
      return () => listeners.delete(listener);
    },
    act(action) {
      const id = nextId++;
      post({ type: 'act', id, action });
      return new Promise((resolve) => outcomes.set(id, resolve));
    },
    detail(seq, window) {
      const id = nextId++;
      post({ type: 'detail', id, seq, window });
      return new Promise((resolve) => details.set(id, resolve));
    },
    look: (query) => post({ type: 'look', query }),
    drew: (screensPerSecond) => post({ type: 'drew', screensPerSecond }),
    stop(reason) {
      post({ type: 'stop', reason });
      return new Promise((resolve) => {
        stopped = resolve;
      });
    },
  };
}
