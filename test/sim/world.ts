// A simulated exchange, network and feed around one live engine: commands in, facts out, on a virtual clock, from one seed.
// Well behaved by itself; `Trouble` decides what of it goes wrong. It shares nothing with src/exchange: no socket, timer or byte on a wire.

import type { Command } from '../../src/core/command.ts';
import type { ConnectionName, Fact, Settings } from '../../src/core/fact.ts';
import type { FindingChange } from '../../src/core/finding.ts';
import { Engine } from '../../src/engine/engine.ts';
import { GOOD_KEY, sessionStarted, tickerEvents, userEvents } from '../support/facts.ts';
import { Ground, type Trouble } from './ground.ts';
import { Market } from './market.ts';
import { type Random, seeded } from './random.ts';
import { RestSide } from './rest-side.ts';
import { Sockets } from './sockets.ts';
import { Timetable } from './timetable.ts';

export interface WorldOptions {
  settings?: Partial<Settings>;
  ordersPerMinute?: number;
  /** The server goes away (1001) this often, ms. */
  goesAwayEveryMs?: number;
  /** Made with the world's own chance, so that one seed tells everything. */
  trouble?: (random: Random) => Trouble;
  record?: (fact: Fact) => void;
}

const NAMES: ConnectionName[] = ['public', 'user'];

export class World {
  readonly random: Random;
  readonly time = new Timetable();
  readonly engine: Engine;
  readonly ground: Ground;
  readonly sockets: Sockets;
  readonly rest: RestSide;
  readonly changes: FindingChange[] = [];
  readonly commands: Command[] = [];
  readonly #options: WorldOptions;
  readonly #market: Market;

  constructor(seed: number, options: WorldOptions = {}) {
    this.#options = options;
    this.random = seeded(seed);
    const { record, trouble } = options;
    this.engine = new Engine({
      stamps: { wallMs: () => this.ground.wallMs, monotonicMs: () => this.time.t },
      perform: (command) => this.#perform(command),
      onChanges: (changes) => this.changes.push(...changes),
      ...(record === undefined ? {} : { record }),
    });
    const settings = (): Settings | null => this.engine.model.settings;
    const accept = this.engine.accept.bind(this.engine);
    this.ground = new Ground(this.random, this.time, trouble?.(this.random) ?? null, settings, accept);
    this.#market = new Market(this.random, this.time, () => this.ground.serverMs);
    this.#market.onChange = (order) => this.sockets.send('user', 'user', userEvents([order]));
    this.sockets = new Sockets(this.ground, () => this.#market.openOrders());
    this.rest = new RestSide(this.ground, this.#market);
  }

  start(): this {
    const { ground, random } = this;
    const { ordersPerMinute: orders = 6, goesAwayEveryMs: away } = this.#options;
    ground.tell(sessionStarted(this.#options.settings));
    ground.tell({ fact: 'key.inspected', inspection: GOOD_KEY });
    const at = (everyMs: number) => () => everyMs;
    ground.every(at(1_000), () => this.#tick());
    ground.every(at(3_000), () => NAMES.forEach((name) => void this.sockets.ping(name)));
    for (const product of ['BTC-USD', 'ETH-USD']) this.#ticker(product);
    if (orders > 0)
      ground.every(
        () => random.between(0, 120_000 / orders),
        () => this.#market.place(),
      );
    const going = { code: 1001, by: 'server', clean: true, cause: 'close-frame' } as const;
    if (away !== undefined) ground.every(at(away), () => NAMES.forEach((name) => void this.sockets.close(name, going)));
    return this;
  }

  run(ms: number): this {
    this.time.runTo(this.time.t + ms);
    return this;
  }

  end(): this {
    this.ground.tell({ fact: 'session.ended', reason: 'the test is over' });
    return this;
  }

  #tick(): void {
    const { ground, random } = this;
    const lagMs = ground.trouble?.lagMs() ?? random.between(0, 20);
    const sizes = { heapBytes: 40_000_000, rssBytes: 90_000_000, screensPerSecond: 4 };
    ground.tell({ fact: 'loop.measured', lagMs, queue: 0, dropped: 0, ...sizes });
    ground.tell({ fact: 'tick' });
  }

  /** Bursts and lulls: a product may rest for three seconds and then speak twenty times within one. */
  #ticker(product: string): void {
    const { random } = this;
    this.ground.every(
      () => (random.chance(0.2) ? random.between(500, 3_000) : random.between(5, 400)),
      () => this.sockets.send('public', 'ticker', tickerEvents(product, 91_252.9 + random.between(-5, 5))),
    );
  }

  #perform(command: Command): void {
    this.commands.push(command);
    switch (command.command) {
      case 'connect':
        return this.sockets.connect(command.connection, command.attempt);
      case 'reconnect':
        return this.sockets.reconnect(command);
      case 'disconnect':
        return this.sockets.disconnect(command.connection);
      case 'subscribe':
        return this.sockets.subscribe(command);
      case 'poll':
        return this.rest.poll(command.name, command.everyMs);
      case 'measure-clock':
        return this.rest.request('time', 'clock');
      case 'pause-rest':
        return this.rest.pause(command.untilT, command.reason);
      default:
        return;
    }
  }
}
