// Shows a fixture on the real terminal, with controls that answer at once: for looking at the screen by eye.
// esbuild test/ui/show.tsx --bundle ... --outfile=/tmp/show.js; node /tmp/show.js [healthy|broken|replay|started] [--ascii] [--no-color]

import type { Snapshot } from '../../src/core/snapshot.ts';
import { runScreen } from '../../src/ui/run.tsx';
import { broken } from './fixtures/broken.ts';
import { fakeControls } from './fixtures/fake-controls.ts';
import { healthy } from './fixtures/healthy.ts';
import { hostile, justStarted, replay } from './fixtures/others.ts';

const FIXTURES: Record<string, Snapshot> = { healthy, broken, replay, started: justStarted, hostile };
const args = process.argv.slice(2);
const fixture = FIXTURES[args[0] ?? 'broken'] ?? broken;

/** The fixture some time later: ages grow, frames arrive. */
function later(snapshot: Snapshot, ms: number): Snapshot {
  const connection = snapshot.connections.public;
  const frames = connection.frames + Math.floor(ms * 0.2);
  return {
    ...snapshot,
    at: snapshot.at + ms,
    t: snapshot.t + ms,
    connections: { ...snapshot.connections, public: { ...connection, frames, ageMs: (connection.ageMs ?? 0) + ms } },
    self: { ...snapshot.self, facts: snapshot.self.facts + Math.floor(ms * 0.2) },
  };
}

const controls = fakeControls(fixture, {
  escalate: {
    ok: true,
    message: 'The packet is written.',
    path: '/home/me/packets/AUTH_REJECTED',
    markdown: '# T2: the packet',
  },
});
const started = performance.now();
const timer = setInterval(() => controls.publish(later(fixture, performance.now() - started)), 250);
if (args.includes('--crash')) setTimeout(() => Promise.reject(new Error('a rejected promise of the fixture')), 500);
if (args.includes('--throw'))
  setTimeout(() => controls.publish({ ...fixture, verdict: null } as unknown as Snapshot), 500);

const { exitCode, farewell } = await runScreen({
  controls,
  mode: fixture.mode,
  fps: 4,
  ascii: args.includes('--ascii'),
  color: !args.includes('--no-color'),
  screenReader: args.includes('--screen-reader'),
});
clearInterval(timer);
process.stdout.write(`${farewell}\n`);
process.exitCode = exitCode;
process.stdin.unref();
