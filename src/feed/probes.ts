// Control experiments: small harmless calls that tell what works from what does not. One run at a time, nothing outside the limits,
// everything over within six seconds.

import { lookup } from 'node:dns/promises';
import type { SecureContext } from 'node:tls';
import { ENDPOINTS, type EndpointName } from '../coinbase/endpoints.ts';
import type { FactBody, ProbeResult, Settings } from '../core/fact.ts';
import { type Clock, pause } from './clock.ts';
import { dial, tlsOf } from './dial.ts';
import { codeOf, readFailure } from './failure.ts';
import type { Emit } from './feed.ts';
import { maskText } from './mask.ts';
import type { Rest, RestResult } from './rest.ts';
import type { Socket } from './socket.ts';
import { type Target, targetOf } from './target.ts';

export interface ProbeOptions {
  settings: Settings;
  clock: Clock;
  trust: SecureContext | null;
  emit: Emit;
  rest: Rest;
  canSign: boolean;
  /** Resolves when one more connect may start. */
  slot(): Promise<void>;
  /** A socket to the public URL that tells its facts to the probe only. */
  openSocket(emit: Emit): Socket;
  totalMs?: number;
}

export interface Probes {
  /** Starts a run, unless one is under way. */
  run(reason: string): void;
  /** Cuts a run short; it then tells what it has. */
  stop(): void;
}

const TOTAL_MS = 6_000;
const REST_NAMES: readonly EndpointName[] = ['time', 'key_permissions'];

type Verdict = Pick<ProbeResult, 'result' | 'detail'>;
interface Step {
  name: string;
  target: string;
  perform(): Promise<Verdict>;
}

const pass = (detail: string): Verdict => ({ result: 'pass', detail });
const fail = (detail: string): Verdict => ({ result: 'fail', detail });
const skip = (detail: string): Verdict => ({ result: 'skipped', detail });

async function probeDns(target: Target, family: 4 | 6): Promise<Verdict> {
  if (target.isAddress) return skip('the host is an address');
  try {
    const { address } = await lookup(target.host, { family });
    return pass(address);
  } catch (error) {
    const code = codeOf(error);
    // Many names and networks have no IPv6; that alone is no fault, and the A row tells whether names resolve at all.
    return family === 6 && code === 'ENOTFOUND' ? skip('no IPv6 address') : fail(code);
  }
}

/** A TCP connection, or TLS on top of it, closed as soon as it stands. */
function probeDial(target: Target, secure: boolean, { clock, trust }: ProbeOptions): Promise<Verdict> {
  return new Promise((resolve) => {
    const dialling = dial({ ...target, secure }, { clock, trust });
    const { socket, phases } = dialling;
    socket.once('error', (error) => resolve(fail(readFailure(error, 'tcp').errorCodes.join(', '))));
    dialling.onReady(() => {
      const ms = Math.round((secure ? phases.tlsMs : phases.tcpMs) ?? 0);
      const what = secure ? tlsOf(socket) : (socket.remoteAddress ?? '');
      socket.destroy();
      resolve(pass(`${what}, ${ms} ms`));
    });
  });
}

function verdictOf(result: RestResult): Verdict {
  if (result.outcome === 'not-sent') return skip(`not sent: ${result.reason}`);
  if (result.outcome === 'failed') return fail(`${result.errorCode} (${result.phase})`);
  return result.status < 300 ? pass(`${result.status}`) : fail(`${result.status}`);
}

function probeSocket(options: ProbeOptions, signal: AbortSignal): Promise<Verdict> {
  return new Promise((resolve) => {
    const listen = (fact: FactBody): void => {
      if (fact.fact === 'socket.opened') {
        resolve(pass(`upgraded in ${Math.round(fact.phases.upgradeMs ?? 0)} ms`));
        socket.close('probe finished');
      }
      if (fact.fact === 'upgrade.refused') resolve(fail(`HTTP ${fact.status}`));
      if (fact.fact === 'connect.failed') resolve(fail(`${fact.errorCode} (${fact.phase})`));
      if (fact.fact === 'socket.closed') resolve(fail(`closed ${fact.code}`));
    };
    const socket = options.openSocket(listen);
    signal.addEventListener('abort', () => socket.close('the probe is over'), { once: true });
    void options.slot().then(() => {
      if (!signal.aborted) socket.connect(1);
    });
  });
}

function hostSteps(url: string, options: ProbeOptions): Step[] {
  const target = targetOf(url);
  if (target === null) return [];
  const at = `${target.host}:${target.port}`;
  const steps: Step[] = [
    { name: 'dns A', target: target.host, perform: () => probeDns(target, 4) },
    { name: 'dns AAAA', target: target.host, perform: () => probeDns(target, 6) },
    { name: 'tcp', target: at, perform: () => probeDial(target, false, options) },
  ];
  if (!target.secure) return steps;
  return [...steps, { name: 'tls', target: at, perform: () => probeDial(target, true, options) }];
}

function stepsOf(options: ProbeOptions, signal: AbortSignal): Step[] {
  const { settings, rest, canSign } = options;
  const urls = [settings.publicUrl, settings.userUrl, settings.restUrl];
  const steps = urls.flatMap((url) => hostSteps(url, options));
  // --no-rest keeps the key to the socket: server time is all that is asked over REST, and only when something fails.
  const names = REST_NAMES.filter((name) => (canSign && settings.rest) || !ENDPOINTS[name].signed);
  for (const name of names) {
    const endpoint = ENDPOINTS[name];
    const perform = (): Promise<Verdict> => rest.get({ endpoint, why: 'probe' }).then(verdictOf);
    steps.push({ name: `GET ${endpoint.path}`, target: targetOf(settings.restUrl)?.host ?? '', perform });
  }
  const target = targetOf(settings.publicUrl)?.host ?? '';
  steps.push({ name: 'public socket', target, perform: () => probeSocket(options, signal) });
  const seen = new Set<string>();
  return steps.filter(({ name, target: at }) => {
    const key = `${name} ${at}`;
    return !seen.has(key) && seen.add(key).size > 0;
  });
}

export function createProbes(options: ProbeOptions): Probes {
  const { clock, emit, totalMs = TOTAL_MS } = options;
  let running: AbortController | null = null;

  const runStep = async (step: Step, limit: Promise<Verdict>): Promise<ProbeResult> => {
    const startedMs = clock.monotonicMs();
    const verdict = await Promise.race([step.perform(), limit]).catch((error: unknown) => fail(codeOf(error)));
    const { name, target } = step;
    const tookMs = verdict.result === 'skipped' ? null : Math.round(clock.monotonicMs() - startedMs);
    return { name, target, result: verdict.result, detail: maskText(verdict.detail), tookMs };
  };
  return {
    run(reason) {
      if (running !== null) return;
      const mine = new AbortController();
      running = mine;
      const limit = pause(clock, totalMs, mine.signal).then(() => fail(`nothing within ${totalMs} ms`));
      const steps = stepsOf(options, mine.signal);
      void Promise.all(steps.map((step) => runStep(step, limit))).then((results) => {
        running = null;
        mine.abort();
        emit({ fact: 'probes.finished', reason, results });
      });
    },
    stop: () => running?.abort(),
  };
}
