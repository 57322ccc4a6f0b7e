// The figures of a page over recorded time: rates and headroom at every second, latency as it is measured.

import type { Fact } from '../core/fact.ts';
import { remaining } from '../core/limits.ts';
import type { Model } from '../core/model.ts';
import { rates } from '../core/traffic.ts';
import { type Point, Series } from './series.ts';

const NAMES = [
  'publicFrames',
  'userFrames',
  'publicBytes',
  'userBytes',
  'restMs',
  'pingMs',
  'publicLateMs',
  'userLateMs',
  'restHeadroom',
  'socketHeadroom',
  'lagMs',
] as const;
export type Figure = (typeof NAMES)[number];

export class FigureGathering {
  readonly #series = Object.fromEntries(NAMES.map((name) => [name, new Series()])) as Record<Figure, Series>;

  points(figure: Figure): Point[] {
    return this.#series[figure].points;
  }

  note(fact: Fact, model: Model): void {
    if (fact.fact === 'tick') this.#noteTick(model);
    else if (fact.fact === 'pong.received') this.#series.pingMs.add(fact.t, fact.roundTripMs);
    else if (fact.fact === 'loop.measured') this.#series.lagMs.add(fact.t, fact.lagMs);
    else if (fact.fact === 'response.arrived' && fact.phases.totalMs !== undefined)
      this.#series.restMs.add(fact.t, fact.phases.totalMs);
  }

  #noteTick({ t, connections, limits }: Model): void {
    const series = this.#series;
    for (const name of ['public', 'user'] as const) {
      const connection = connections[name];
      if (connection.state !== 'open') continue;
      const flow = rates(connection.traffic);
      series[`${name}Frames`].add(t, flow.framesPerSecond);
      series[`${name}Bytes`].add(t, flow.bytesPerSecond);
      const late = connection.heartbeat.lateness.at(-1);
      if (late !== undefined) series[`${name}LateMs`].add(t, late);
    }
    const headroom = (names: readonly (keyof typeof limits)[]): number =>
      Math.min(...names.map((name) => remaining(limits[name], t) / Math.max(1, limits[name].limit)));
    series.restHeadroom.add(t, headroom(['rest-public', 'rest-private', 'rest-hour']) * 100);
    series.socketHeadroom.add(t, headroom(['ws-connects', 'ws-messages']) * 100);
  }
}
