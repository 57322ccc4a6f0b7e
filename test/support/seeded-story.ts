// A session of some minutes from a seed: two sockets and REST that behave, and troubles of every kind that come as the seed has it.

import { userEvents, userOrder } from './facts.ts';
import { Story } from './story.ts';

type Draw = () => number;
type Trouble = (story: Story, draw: Draw) => void;

function seeded(seed: number): Draw {
  let state = (seed ^ 0x9e3779b9) | 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x1f83d9ab) | 0;
    return (state >>> 8) / 16_777_216;
  };
}

const either = (draw: Draw): 'public' | 'user' => (draw() < 0.5 ? 'public' : 'user');

const TROUBLES: readonly Trouble[] = [
  (story, draw) => {
    const name = either(draw);
    story.closes(name);
    story.advance(2_000);
    story.reopens(name);
  },
  (story) => story.answers('orders', { status: 429 }),
  (story) => story.answers('accounts', { status: 401, body: 'Unauthorized' }),
  (story) => story.answers('accounts', { status: 503, body: '<html>no</html>' }),
  (story) => story.fails('time', 'ECONNREFUSED'),
  (story, draw) => {
    story.sockets[either(draw)].sequence += 3;
  },
  (story, draw) => story.receives(either(draw), '{"channel":"ticker", nonsense'),
  (story, draw) => story.receives(either(draw), Buffer.from([0xff, 0xfe, 0x00, 0x1b]), true),
  (story) => story.frame('user', 'user', userEvents([userOrder('OPEN'), userOrder('FILLED')])),
  (story) => story.answers('accounts'),
  (story) => story.answers('portfolio'),
  (story) => story.refuses('public', 403, '<html>challenge</html>'),
  (story, draw) => {
    const { flows } = story.sockets[either(draw)];
    flows.data = !flows.data;
  },
  (story, draw) => {
    const { flows } = story.sockets[either(draw)];
    flows.beats = !flows.beats;
  },
  (story) => story.tell({ fact: 'machine.slept', forMs: 4_000 }),
  (story) => story.tell({ fact: 'user.asked', action: 'mark', detail: 'here' }),
  (story) => story.tell({ fact: 'user.asked', action: 'ui-shows', detail: 'BTC 0.75' }),
  (story) => {
    const first = story.open()[0];
    if (first !== undefined) story.tell({ fact: 'user.asked', action: 'acknowledge', detail: first.key });
  },
];

/** The story that a seed tells; the same seed tells the same. */
export function seededStory(seed: number, troubles = 25): Story {
  const draw = seeded(seed);
  const story = new Story().up();
  for (let count = 0; count < troubles; count += 1) {
    TROUBLES[Math.floor(draw() * TROUBLES.length)]?.(story, draw);
    story.advance(Math.floor(draw() * 6_000));
  }
  return story;
}
