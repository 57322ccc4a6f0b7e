// Owns what a scenario is: a script of faults, the client it is meant for and the findings it should lead to.
// Plain JSON; it plays nothing.
import { type CredentialKind, credentialKinds } from './credentials.ts';
import { type Fault, parseFault } from './fault.ts';
import type { Knobs } from './knobs.ts';
import { defaultKnobs } from './knobs.ts';

export interface ScenarioClient {
  key: CredentialKind;
  /** Extra flags of `cbscope watch`. */
  args: string[];
  env: Record<string, string>;
  /** Points a URL elsewhere; `closed-port` stands for a loopback port on which nobody listens. */
  urls?: { public?: string; user?: string; rest?: string };
}

export interface ScenarioStep {
  atSeconds: number;
  fault: Fault;
}

export interface Scenario {
  /** Kebab-case. */
  name: string;
  /** One sentence. */
  title: string;
  /** The finding it is about; null where nothing is wrong or several things are. */
  code: string | null;
  durationSeconds: number;
  client: ScenarioClient;
  /** `signSeconds`: when its sign can first be observed, where that is not the first step. */
  expect: { code: string; bySeconds: number; signSeconds?: number }[];
  steps: ScenarioStep[];
  exchange?: { tls?: boolean; overrides?: Partial<Knobs> };
}

type Fields = Record<string, unknown>;

const known = ['name', 'title', 'code', 'durationSeconds', 'client', 'expect', 'steps', 'exchange'];

/** Checks that a value read from outside is a scenario; otherwise says in one sentence what is wrong with it. */
export function parseScenario(value: unknown): Scenario | { problem: string } {
  if (!isFields(value)) return { problem: 'A scenario is a JSON object with name, title, client, expect and steps.' };
  const problem =
    unknownField('The scenario', value, known) ??
    headProblem(value) ??
    clientProblem(value.client) ??
    expectProblem(value.expect) ??
    stepsProblem(value.steps) ??
    exchangeProblem(value.exchange);
  return problem === null ? (value as unknown as Scenario) : { problem };
}

function headProblem(value: Fields): string | null {
  if (typeof value.name !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value.name)) {
    return 'The scenario needs a "name" in kebab-case, such as "sequence-gap".';
  }
  if (typeof value.title !== 'string' || value.title === '') return 'The scenario needs a "title": one sentence.';
  if (value.code !== null && (typeof value.code !== 'string' || !/^[A-Z0-9_]+$/.test(value.code))) {
    return 'The scenario\'s "code" is a finding code such as "SEQUENCE_GAP", or null.';
  }
  return isPositive(value.durationSeconds) ? null : 'The scenario needs "durationSeconds": a number above 0.';
}

function clientProblem(client: unknown): string | null {
  if (!isFields(client)) return 'The scenario needs a "client" with key, args and env.';
  if (!credentialKinds.some((kind) => kind === client.key)) {
    return `The client's "key" is ${JSON.stringify(client.key)}; expected one of ${credentialKinds.join(', ')}.`;
  }
  if (!Array.isArray(client.args) || !client.args.every((a) => typeof a === 'string')) {
    return 'The client\'s "args" is a list of texts.';
  }
  if (!isTexts(client.env)) return 'The client\'s "env" is an object of texts.';
  if (client.urls !== undefined && !isTexts(client.urls)) return 'The client\'s "urls" is an object of texts.';
  return unknownField('The client\'s "urls"', client.urls ?? {}, ['public', 'user', 'rest']);
}

function expectProblem(expect: unknown): string | null {
  const fine =
    Array.isArray(expect) && expect.every((e) => isFields(e) && typeof e.code === 'string' && isPositive(e.bySeconds));
  return fine ? null : 'The scenario needs "expect": a list of {"code","bySeconds"}.';
}

function stepsProblem(steps: unknown): string | null {
  if (!Array.isArray(steps)) return 'The scenario needs "steps": a list of {"atSeconds","fault"}.';
  for (const [index, step] of steps.entries()) {
    if (!isFields(step) || typeof step.atSeconds !== 'number' || step.atSeconds < 0) {
      return `Step ${index + 1} needs "atSeconds": a number, 0 or more.`;
    }
    const fault = parseFault(step.fault);
    if ('problem' in fault) return `Step ${index + 1}: ${fault.problem}`;
  }
  return null;
}

function exchangeProblem(exchange: unknown): string | null {
  if (exchange === undefined) return null;
  if (!isFields(exchange)) return 'The scenario\'s "exchange" is an object with tls and overrides.';
  if (exchange.tls !== undefined && typeof exchange.tls !== 'boolean') return 'The exchange\'s "tls" is true or false.';
  if (exchange.overrides !== undefined && !isFields(exchange.overrides))
    return 'The exchange\'s "overrides" is an object.';
  return unknownField('The exchange\'s "overrides"', exchange.overrides ?? {}, Object.keys(defaultKnobs));
}

function unknownField(where: string, value: Fields | unknown, allowed: readonly string[]): string | null {
  const extra = Object.keys(value as Fields).find((name) => !allowed.includes(name));
  return extra === undefined ? null : `${where} has no field "${extra}"; expected ${allowed.join(', ')}.`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return isFields(value) && Object.values(value).every((v) => typeof v === 'string');
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
