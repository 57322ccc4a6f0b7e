// Owns the two time answers. They follow the server's clock, skewed or not, and may be served stale on purpose.
import { type Call, ok, type Reply } from './rest-call.ts';
import type { World } from './world.ts';

export function serverTime(call: Call): Reply {
  const { ms, headers } = reading(call.world);
  const iso = `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return { ...ok({ iso, epochSeconds: String(Math.floor(ms / 1000)), epochMillis: String(Math.floor(ms)) }), headers };
}

/** The older form, of another API on the same host. */
export function serverTimeV2(call: Call): Reply {
  const { ms, headers } = reading(call.world);
  const iso = `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return { ...ok({ data: { iso, epoch: Math.floor(ms / 1000) } }), headers };
}

function reading(world: World): { ms: number; headers: Record<string, string> } {
  const cached = world.faults.find('time-cache');
  if (cached === null)
    return { ms: world.clock.now(), headers: { 'cache-control': 'no-store', 'cf-cache-status': 'DYNAMIC' } };
  const age = cached.fault.ageSeconds ?? 3;
  const headers = { 'cache-control': 'public, max-age=14400', 'cf-cache-status': 'HIT', age: String(Math.floor(age)) };
  return { ms: world.clock.now() - age * 1000, headers };
}
