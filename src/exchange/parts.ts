// Owns the assembly of an exchange's parts. Nothing listens and nothing moves until exchange.ts says so.
import { type Certificates, makeCertificates } from './certificate.ts';
import { ServerClock } from './clock.ts';
import { Desk } from './desk.ts';
import type { FaultBoard } from './fault-board.ts';
import { Feed } from './feed.ts';
import type { KnownKey } from './identity.ts';
import type { Knobs } from './knobs.ts';
import { Listener } from './listener.ts';
import { Market } from './market.ts';
import { OrderLife } from './order-life.ts';
import { Random } from './random.ts';
import { RestServer } from './rest-server.ts';
import { Stats } from './stats.ts';
import { perSecondWindow, type World } from './world.ts';
import { WsHost } from './ws-host.ts';

export interface Parts {
  world: World;
  listeners: { rest: Listener; public: Listener; user: Listener };
  hosts: { public: WsHost; user: WsHost };
  rest: RestServer;
  feed: Feed;
  certificates: Certificates | null;
}

export interface PartsOptions {
  host: string;
  tls: boolean;
  seed: number;
  knobs: Knobs;
  known: ReadonlyMap<string, KnownKey>;
  faults: FaultBoard;
}

/** Makes every part and ties them together. */
export function makeParts(options: PartsOptions): Parts {
  const world = makeWorld(options);
  const certificates = options.tls ? makeCertificates() : null;
  const listener = () => new Listener(options.host, certificates?.good ?? null);
  const listeners = { rest: listener(), public: listener(), user: listener() };
  const hosts = {
    public: new WsHost(world, 'public', listeners.public),
    user: new WsHost(world, 'user', listeners.user),
  };
  const feed = new Feed(world, () => [...hosts.public.sessions, ...hosts.user.sessions]);
  return { world, listeners, hosts, rest: new RestServer(world, listeners.rest), feed, certificates };
}

function makeWorld({ knobs, known, faults, seed }: PartsOptions): World {
  const random = new Random(seed);
  const clock = new ServerClock();
  const market = new Market(random.fork('market'), knobs.bookLevels, clock.now());
  const desk = new Desk(random.fork('desk'), clock, market, knobs.accounts);
  const life = new OrderLife(desk, random.fork('life'), knobs);
  const windows = { connects: perSecondWindow(), messages: perSecondWindow() };
  return { clock, random, knobs, known, faults, market, desk, life, stats: new Stats(), ...windows };
}
