// Healthy worlds raise nothing above info: ten minutes from each of twenty seeds, an hour from one, at mixed rates, with orders that
// live and die, polls, renewed tokens, and a server that goes away every ten minutes.

import { expect, test } from 'vitest';
import { byHand, SEEDS } from './seeds.ts';
import { World } from './world.ts';

const TEN_MINUTES = 600_000;

/** Everything ever said, as `severity CODE: title` for a readable failure. */
function said(world: World): string[] {
  const all = world.changes.map(
    ({ finding, t }) => `${finding.severity} ${finding.code} at ${Math.round(t)}: ${finding.title}`,
  );
  return [...new Set(all)];
}

test.each(SEEDS)('ten minutes of seed %i', (seed) => {
  const world = new World(seed, { ordersPerMinute: [0, 1, 6, 20, 60][seed % 5] ?? 6 }).start().run(TEN_MINUTES).end();
  expect(said(world), byHand('healthy', seed)).toEqual([]);
  expect(world.ground.breaches, byHand('healthy', seed)).toEqual([]);
  expect(world.engine.verdict).toMatchObject({ party: 'healthy', confidence: 'high' });
  const { tokens, connections } = world.engine.model;
  expect(tokens.refused).toBe(0);
  // The user socket's token is renewed 20 s before its end, so it never runs out.
  expect(connections.user.opens).toBe(1);
  expect((connections.user.token?.exp ?? 0) * 1_000).toBeGreaterThan(world.ground.serverMs + 15_000);
});

test('an hour, with the server going away every ten minutes', () => {
  const [seed = 1] = SEEDS;
  const world = new World(seed, { ordersPerMinute: 10, goesAwayEveryMs: TEN_MINUTES }).start().run(3_600_000).end();
  const loud = said(world).filter((line) => !line.startsWith('info WS_GOING_AWAY'));
  expect(loud, byHand('healthy', seed)).toEqual([]);
  expect(world.ground.told.opens.public).toBeGreaterThanOrEqual(6);
  expect(world.changes.filter((change) => change.status === 'raised').length).toBeGreaterThanOrEqual(10);
});
