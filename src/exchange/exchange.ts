// Owns a running exchange: puts the parts together on three loopback listeners, takes faults, and closes everything again.
import { type Certificates, makeCertificates } from './certificate.ts';
import { ServerClock } from './clock.ts';
import { Desk } from './desk.ts';
import type { Fault } from './fault.ts';
import { FaultBoard } from './fault-board.ts';
import { Feed } from './feed.ts';
import { type ExchangeKeys, makeIdentity } from './identity.ts';
import { defaultKnobs, type Knobs } from './knobs.ts';
import { closedPort, Listener } from './listener.ts';
import { Market } from './market.ts';
import { OrderLife } from './order-life.ts';
import { Random } from './random.ts';
import { RestServer } from './rest-server.ts';
import type { Scenario } from './scenario.ts';
import { Stats, type StatsView } from './stats.ts';
import { perSecondWindow, type World } from './world.ts';
import { WsHost } from './ws-host.ts';

export interface ExchangeOptions {
  host?: '127.0.0.1' | '::1';
  /** REST port; 0 picks a free one. */
  port?: number;
  publicPort?: number;
  userPort?: number;
  tls?: boolean;
  /** Its knobs, TLS mode and faults of second 0 are in force from the start; later steps need a player. */
  scenario?: Scenario;
  seed?: number;
  overrides?: Partial<Knobs>;
}

export interface Exchange {
  readonly publicUrl: string;
  readonly userUrl: string;
  /** Without a path: requests go to `${restUrl}/api/v3/brokerage/...`. */
  readonly restUrl: string;
  /** A loopback port on which nobody listens. */
  readonly closedPort: number;
  readonly keys: ExchangeKeys;
  readonly caPem: string | undefined;
  /** Server time now, skew included. */
  now(): number;
  apply(fault: Fault): void;
  /** Ends every fault in force. */
  clear(): void;
  stats(): StatsView;
  close(): Promise<void>;
}

interface Parts {
  world: World;
  listeners: { rest: Listener; public: Listener; user: Listener };
  hosts: { public: WsHost; user: WsHost };
  rest: RestServer;
  certificates: Certificates | null;
}

/** Starts an exchange on loopback. */
export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const host = options.host ?? '127.0.0.1';
  const tls = options.tls ?? options.scenario?.exchange?.tls ?? false;
  const knobs = { ...defaultKnobs, ...options.scenario?.exchange?.overrides, ...options.overrides };
  const certificates = tls ? makeCertificates() : null;
  const identity = makeIdentity();
  // The board tells what ended; the parts that care exist only after it.
  let ended: (fault: Fault) => void = () => {};
  const faults = new FaultBoard((fault) => ended(fault));
  const world = makeWorld(knobs, identity.known, faults, options.seed ?? 1);
  const leaf = certificates?.good ?? null;
  const listeners = {
    rest: new Listener(host, leaf),
    public: new Listener(host, leaf),
    user: new Listener(host, leaf),
  };
  const hosts = {
    public: new WsHost(world, 'public', listeners.public),
    user: new WsHost(world, 'user', listeners.user),
  };
  const parts: Parts = { world, listeners, hosts, rest: new RestServer(world, listeners.rest), certificates };
  ended = (fault) => undo(parts, fault);
  await openAll(listeners, options);
  const feed = new Feed(world, () => [...hosts.public.sessions, ...hosts.user.sessions]);
  world.life.start();
  feed.start();
  for (const step of options.scenario?.steps ?? []) if (step.atSeconds === 0) applyTo(parts, step.fault);
  const name = host === '::1' ? '[::1]' : host;
  return {
    publicUrl: `${tls ? 'wss' : 'ws'}://${name}:${listeners.public.port}`,
    userUrl: `${tls ? 'wss' : 'ws'}://${name}:${listeners.user.port}`,
    restUrl: `${tls ? 'https' : 'http'}://${name}:${listeners.rest.port}`,
    closedPort: await closedPort(host),
    keys: identity.keys,
    caPem: certificates?.caPem,
    now: () => world.clock.now(),
    apply: (fault) => applyTo(parts, fault),
    clear: () => clearAll(parts),
    stats: () => world.stats.view(),
    close: () => shut(parts, feed),
  };
}

/** Opens the three listeners, or none: a port that is taken leaves nothing behind. */
async function openAll(listeners: Parts['listeners'], options: ExchangeOptions): Promise<void> {
  try {
    await listeners.rest.open(options.port ?? 0);
    await listeners.public.open(options.publicPort ?? 0);
    await listeners.user.open(options.userPort ?? 0);
  } catch (error) {
    await Promise.all(Object.values(listeners).map((listener) => listener.close()));
    throw error;
  }
}

function makeWorld(knobs: Knobs, known: World['known'], faults: FaultBoard, seed: number): World {
  const random = new Random(seed);
  const clock = new ServerClock();
  const market = new Market(random.fork('market'), knobs.bookLevels, clock.now());
  const desk = new Desk(random.fork('desk'), clock, market, knobs.accounts);
  const life = new OrderLife(desk, random.fork('life'), knobs);
  const windows = { connects: perSecondWindow(), messages: perSecondWindow() };
  return { clock, random, knobs, known, faults, market, desk, life, stats: new Stats(), ...windows };
}

function applyTo(parts: Parts, fault: Fault): void {
  const { world, listeners, hosts, certificates } = parts;
  world.faults.add(fault);
  refreshClock(world);
  hosts.public.apply(fault);
  hosts.user.apply(fault);
  if (fault.kind === 'stick-order') world.life.stick(fault.status, fault.fill ?? true, fault.product);
  if (fault.kind === 'refuse-connections') for (const listener of refusing(parts, fault.on)) listener.pause();
  if (fault.kind === 'tls' && certificates !== null) {
    for (const listener of Object.values(listeners)) listener.presentLeaf(certificates[fault.certificate]);
  }
}

function undo(parts: Parts, fault: Fault): void {
  const { world, listeners, certificates } = parts;
  refreshClock(world);
  if (fault.kind === 'stick-order') world.life.unstick();
  if (fault.kind === 'refuse-connections') for (const listener of refusing(parts, fault.on)) void listener.resume();
  if (fault.kind === 'tls' && certificates !== null) {
    for (const listener of Object.values(listeners)) listener.presentLeaf(certificates.good);
  }
}

function refreshClock(world: World): void {
  world.clock.skewMs = world.faults.find('skew')?.fault.ms ?? 0;
}

function refusing(parts: Parts, on: string | undefined): Listener[] {
  const { rest, public: open, user } = parts.listeners;
  if (on === 'rest') return [rest];
  if (on === 'public') return [open];
  if (on === 'user') return [user];
  return on === 'both' ? [open, user] : [rest, open, user];
}

function clearAll(parts: Parts): void {
  parts.world.faults.clear();
  parts.hosts.public.clear();
  parts.hosts.user.clear();
  parts.rest.limits.lift();
}

async function shut(parts: Parts, feed: Feed): Promise<void> {
  feed.stop();
  parts.world.life.stop();
  // A fault that ends by itself must not end later: a listener that refused would listen again.
  parts.world.faults.forget();
  parts.hosts.public.close();
  parts.hosts.user.close();
  await Promise.all(Object.values(parts.listeners).map((listener) => listener.close()));
}
