// `cbscope doctor`: a one-shot pre-flight of environment, key, clock, network and permissions, on the same engine as everything else.

import { exitCodeOf } from '../cli/exit-code.ts';
import type { Configuration, WatchFlags } from '../cli/settings.ts';
import { configure } from '../cli/settings.ts';
import type { Step } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { Session } from '../engine/session.ts';
import { checksOf } from '../playbook/checks.ts';
import { doctorText } from '../report/doctor-text.ts';
import { summary } from '../report/line.ts';
import { buildLiveSession } from './live-session.ts';
import { complain, say, sayJson } from './output.ts';
import { untilEnd } from './until-end.ts';
import { VERSION } from './version.ts';

const DEADLINE_MS = 14_000;
const POLL_S = 5;

/** Only what the examination needs: no trading data is asked for. */
function examining(configuration: Configuration): Configuration {
  const { settings } = configuration;
  const polls = { time: POLL_S, key_permissions: POLL_S, accounts: 0, orders: 0, fills: 0, products: 0, portfolio: 0 };
  return { ...configuration, record: null, settings: { ...settings, polls, heartbeats: true } };
}

/** A socket has shown what it does: beats and, with a key, an answer to the private subscribe; or it failed. */
function isSettled(model: Model, name: 'public' | 'user'): boolean {
  const connection = model.connections[name];
  if (connection.state === 'off' || model.closes.some((close) => close.connection === name)) return true;
  const answered = name === 'public' || connection.acceptedToken !== null || connection.authRefusals >= 2;
  return connection.heartbeat.beats > 0 && answered;
}

function isDone(model: Model): boolean {
  const key = model.key?.usable !== true || model.tokens.accepted > 0 || model.tokens.refused >= 2;
  return model.probes !== null && key && isSettled(model, 'public') && isSettled(model, 'user');
}

async function examine(session: Session, done: Promise<string>): Promise<void> {
  session.start();
  session.engine.accept({ fact: 'user.asked', action: 'probe', detail: '' });
  await session.stop(await done);
}

function tell(session: Session, checks: Step[], json: boolean): void {
  const { model, verdict, book } = session.engine;
  const history = [...book.history.values()];
  if (json) sayJson({ type: 'doctor', checks, ...summary(model, verdict, history, true) });
  else for (const line of doctorText(checks, verdict, history)) say(line);
}

export async function doctor(flags: WatchFlags): Promise<number> {
  const configuration = configure(flags, process.env, false);
  if ('problems' in configuration) {
    for (const problem of configuration.problems) complain(problem);
    return 2;
  }
  const json = configuration.view.lines === 'json';
  let enough: () => void = () => undefined;
  const settled = new Promise<string>((resolve) => {
    enough = () => resolve('everything has been examined');
  });
  const plan = {
    mode: 'live' as const,
    version: VERSION,
    configuration: examining(configuration),
    directory: process.cwd(),
  };
  const session = buildLiveSession(plan, {
    onFact: (fact) => fact.fact === 'tick' && isDone(session.engine.model) && enough(),
  });
  if (!json) say(`cbscope ${VERSION} doctor: examining for at most ${DEADLINE_MS / 1_000} s …`);
  await examine(session, Promise.race([settled, untilEnd(DEADLINE_MS, () => undefined)]));
  tell(session, checksOf(session.engine.model), json);
  return exitCodeOf([...session.engine.book.history.values()].map((entry) => entry.severity));
}
