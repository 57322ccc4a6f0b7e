// The calls of a captured program, one by one: what its pace of polling and retrying is judged by. Our own traffic is never kept here.

import type { Model } from './model.ts';

/** A REST call, or an attempt to open a socket (method `UPGRADE`). */
export interface Call {
  /** Method, host and path without query: repeats of it are the same call. */
  what: string;
  /** Name of the endpoint; `upgrade` for a socket. */
  endpoint: string;
  url: string;
  requestId: number | null;
  sentT: number;
  sentAt: number;
  sentSeq: number;
  /** When the answer was there, or it was clear that none would come. */
  endT: number | null;
  endSeq: number | null;
  /** HTTP status; 0 when there was no answer; null while it is awaited. */
  status: number | null;
}

const CALLS_MAX = 400;

/** `GET host/path` of a URL; what is no URL stands for itself. */
export function callOf(method: string, url: string): string {
  return `${method} ${url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[?#].*$/s, '')}`;
}

export function foldCall(model: Model, call: Pick<Call, 'what' | 'endpoint' | 'url' | 'requestId'>): void {
  if (model.capture === null) return;
  const { t, at, seq } = model;
  model.calls.push({ ...call, sentT: t, sentAt: at, sentSeq: seq, endT: null, endSeq: null, status: null });
  if (model.calls.length > CALLS_MAX) model.calls.shift();
}

/** Notes how the newest call that `isIt` ended; nothing when it is no longer kept. */
export function foldCallEnd(model: Model, isIt: (call: Call) => boolean, status: number): void {
  if (model.capture === null) return;
  const call = model.calls.findLast((each) => each.status === null && isIt(each));
  if (call !== undefined) Object.assign(call, { endT: model.t, endSeq: model.seq, status });
}
