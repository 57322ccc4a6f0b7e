// Owns what a REST handler gets and gives. No handler sees a socket or a header of its own.
import { errorBody, jsonType } from './pages.ts';
import type { World } from './world.ts';

export interface Call {
  world: World;
  method: string;
  path: string;
  /** Parts of the path that the route left open. */
  params: readonly string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface Reply {
  status: number;
  type: string;
  text: string;
  headers?: Record<string, string>;
}

export function ok(value: unknown): Reply {
  return { status: 200, type: jsonType, text: JSON.stringify(value) };
}

export function failed(status: number, error: string, message: string): Reply {
  return { status, ...errorBody(error, message) };
}

/** A product that does not exist: the form without `error_details`. */
export function unknownProduct(id: string): Reply {
  const text = JSON.stringify({ error: 'NOT_FOUND', message: `Product ${id} not supported` });
  return { status: 404, type: jsonType, text };
}

/** A whole number of a query, or the default when absent or not a number. */
export function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(query.get(name) ?? Number.NaN);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
