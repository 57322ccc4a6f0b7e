// The playbook's problem “401 Unauthorized”: credentials, clock, tokens refused.

import { TOKEN_LIFETIME_S } from '../core/bounds.ts';
import { bestOffset } from '../core/clock-offset.ts';
import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import { refusalsInARow } from '../core/tokens.ts';
import { acceptedBeside, refusedAlone, restAcceptsKey } from './accepted-key.ts';
import { keptTooLongMs, tokenFault } from './captured.ts';
import { wrongUri } from './mismatched-uri.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, plural, sighting } from './rule.ts';
import { isSkewed, offsetText, unauthorizedSteps } from './steps.ts';

const WRONG_KIND = new Set(['wrong-curve', 'rsa', 'public-key', 'certificate', 'public-half-mismatch']);
/** How long a refusal waits for the clock to be measured anew before it is judged without. */
const CLOCK_WAIT_MS = 3_000;
const FLAKY_WITHIN_MS = 60_000;
const SKEW_CRITICAL_MS = 30_000;

/** HMAC-era signing beside a CDP key. A captured program that signs a legacy key so mixes nothing: there the key is the trouble. */
function hmacMixed(model: Model): Sighting[] {
  const { key, hmacVariables, capture } = model;
  const isMixed = key !== null && (capture === null ? key.kind !== 'none' : key.usable);
  if (hmacVariables.length === 0 || !isMixed) return [];
  const what = capture === null ? 'HMAC-era variables stand beside the CDP key' : 'HMAC signing is used with a CDP key';
  return [
    sighting({
      code: 'AUTH_HMAC_MIXED',
      title: `${what}: ${hmacVariables.join(', ')}.`,
      evidence: ['Advanced Trade has taken JWTs only since February 2025'],
      steps: unauthorizedSteps(model),
      clearedBecause: 'the session ended',
    }),
  ];
}

const LINE_BREAKS = new Set([
  'literal-backslash-n',
  'double-escaped-newlines',
  'spaces-for-newlines',
  'one-line',
  'indented-lines',
]);

function damage(defects: string[]): string {
  if (defects.includes('swapped')) return 'Key id and secret have changed places';
  if (defects.some((defect) => LINE_BREAKS.has(defect))) return 'The secret’s line breaks are damaged';
  return 'The secret is not written as it was downloaded';
}

/** Everything that the configured key itself gives away, before the first byte is sent. */
export const credentials: Rule = (model) => {
  const key = model.key;
  if (key === null) return [];
  const steps = unauthorizedSteps(model);
  const evidence = [
    key.explanation,
    key.source === null ? null : `read from ${key.source}`,
    ...key.alsoFound.map((other) => `also found, not used: ${other}`),
  ];
  const disprove = 'cbscope doctor --key-file the-downloaded.json';
  const clearedBecause = 'the session ended';
  const seen: Sighting[] = [];
  if (key.kind === 'none') {
    const title = 'No key is configured: public channels only; the user channel and private REST are off.';
    seen.push(sighting({ code: 'AUTH_NO_CREDENTIALS', title, evidence, steps, clearedBecause, disprove }));
  } else if (key.kind === 'legacy' || key.kind === 'exchange') {
    const kind = `a ${key.kind === 'legacy' ? 'legacy (HMAC)' : 'Coinbase Exchange'} key`;
    const who = model.capture === null ? `The configured key is ${kind}` : `The captured program signs with ${kind}`;
    const title = `${who}; Advanced Trade takes CDP keys only.`;
    seen.push(sighting({ code: 'AUTH_LEGACY_KEY', title, evidence, steps, clearedBecause, disprove }));
  } else if (!key.usable) {
    const code = key.defects.some((defect) => WRONG_KIND.has(defect)) ? 'AUTH_KEY_TYPE' : 'AUTH_SECRET_UNREADABLE';
    const what =
      code === 'AUTH_KEY_TYPE' ? 'The secret is readable but of the wrong kind' : 'The API key secret cannot be read';
    seen.push(
      sighting({
        code,
        title: `${what} (${key.defects.join(', ') || 'unreadable'}).`,
        evidence,
        steps,
        clearedBecause,
        disprove,
      }),
    );
  } else if (key.repaired) {
    const fix =
      key.correctedLine === null
        ? []
        : [`write this line, with your secret in place of the dots: ${key.correctedLine}`];
    const title = `${damage(key.defects)} (${key.defects.join(', ')}); repaired in memory, other programs will fail.`;
    fix.push('or point every program to the downloaded key file');
    seen.push(sighting({ code: 'AUTH_SECRET_NEWLINES', title, evidence, steps, fix, clearedBecause, disprove }));
  }
  return [...seen, ...hmacMixed(model)];
};

/** Whether the measured clock explains a refusal: the token was not yet valid, or already over, in server time. */
export function explainedByClock(refusal: AuthOutcome): boolean {
  return refusal.outsideItsTime === true;
}

/** A refusal can be judged once the clock has been measured after it, or a while has passed in vain. */
export function isSettled(model: Model, refusal: AuthOutcome): boolean {
  const measured = model.clock.samples.at(-1);
  // A capture is not measured again: what its answers say of the clock, up to its end, is all there is.
  if (model.capture !== null && (model.ended || (measured !== undefined && measured.t >= refusal.t))) return true;
  return (measured !== undefined && measured.t > refusal.t) || model.t - refusal.t >= CLOCK_WAIT_MS;
}

function skewText(model: Model, far: string): string {
  return model.capture === null
    ? `Your clock is ${far}: your programs’ tokens will be refused (cbscope signs in server time)`
    : `The captured program’s clock is ${far}: its tokens begin or end at the wrong time, and are refused`;
}

export const clockSkew: Rule = (model) => {
  const best = bestOffset(model.clock);
  if (best === null) return [];
  const refused = model.tokens.outcomes.filter(
    (outcome) => !outcome.accepted && model.t - outcome.t < 60_000 && explainedByClock(outcome),
  );
  if (isSkewed(model) !== true) return [];
  const certain = Math.abs(best.offsetMs) - best.uncertaintyMs;
  const severity = certain >= SKEW_CRITICAL_MS || refused.length > 0 ? 'critical' : 'warning';
  const side = best.offsetMs > 0 ? 'ahead of' : 'behind';
  return [
    sighting({
      code: 'AUTH_CLOCK_SKEW',
      severity,
      title: `${skewText(model, `${duration(Math.abs(best.offsetMs))} ${side} Coinbase’s`)}.`,
      count: Math.max(1, refused.length),
      evidence: [
        `offset ${offsetText(model) ?? ''}, ${model.clock.source === 'time' ? 'from GET /time' : 'from Date headers'}`,
        ...refused
          .slice(-3)
          .map(
            (outcome) =>
              `${clockTime(outcome.at)} ${outcome.what} refused: its token ran from ${tokenSpan(outcome)} in server time`,
          ),
      ],
      facts: refused.map((outcome) => outcome.seq),
      steps: unauthorizedSteps(model),
      disprove: 'curl -sI https://api.coinbase.com/api/v3/brokerage/time | grep -i ^date; date -u',
      clearedBecause: 'the clocks agree again',
    }),
  ];
};

function tokenSpan(outcome: AuthOutcome): string {
  if (outcome.token === null) return '?';
  return `${clockTime(outcome.token.nbf * 1_000)} to ${clockTime(outcome.token.exp * 1_000)}`;
}

/** Tokens refused twice in a row, with different tokens, whatever the talker, and nothing better to blame. */
export const rejected: Rule = (model) => {
  const alone = refusedAlone(model);
  const refusals = alone.length > 0 ? alone : refusalsInARow(model.tokens);
  const last = refusals.at(-1);
  if (alone.length === 0 && restAcceptsKey(model)) return [];
  if (last !== undefined && last.talker !== 'rest' && acceptedBeside(model, last) !== null) return [];
  // The one signed call of a capture that has ended is all that will ever be known.
  const needed = model.capture !== null && model.ended && last?.talker === 'rest' ? 1 : 2;
  if (last === undefined || new Set(refusals.map((refusal) => refusal.token?.tokenId ?? refusal.seq)).size < needed)
    return [];
  if (refusals.some(({ token }) => token !== null && tokenFault(token) !== null)) return [];
  if (refusals.some((refusal) => keptTooLongMs(model, refusal) > 0)) return [];
  if (
    refusals.some((refusal) => explainedByClock(refusal)) ||
    refusals.some((refusal) => wrongUri(model, refusal) !== null)
  )
    return [];
  const first = refusals.find((refusal) => isSettled(model, refusal));
  if (first === undefined || isSkewed(model) === true) return [];
  const signed = model.tokens.accepted + model.tokens.refused;
  const clock = offsetText(model);
  return [
    sighting({
      code: 'AUTH_REJECTED',
      connection: refusals.every((refusal) => refusal.talker === last.talker) ? last.talker : null,
      title: `Coinbase refuses ${alone.length > 0 ? `${last.what} with this key, which it accepts for other calls` : 'this key'}, though ${model.capture === null ? 'shape, secret, algorithm' : 'algorithm'}${clock === null ? '' : ', clock'} and uri all check out (${refusals.length} of the last ${refusals.length} ${alone.length > 0 ? 'such' : 'signed'} calls).`,
      count: refusals.length,
      confidence: needed === 1 || alone.length > 0 ? 'low' : clock === null ? 'medium' : 'high',
      evidence: [
        `${model.tokens.refused} of ${signed} signed calls refused; ${unsignedWorks(model)}`,
        ...refusals
          .slice(-3)
          .map((refusal) =>
            [clockTime(refusal.at), `${refusal.what}:`, refusal.status, refusal.message]
              .filter((part) => part !== null)
              .join(' '),
          ),
        clock === null ? 'server time could not be measured' : `clock offset ${clock}`,
        longLife(last),
      ],
      facts: refusals.map((refusal) => refusal.seq),
      steps: unauthorizedSteps(model),
      disprove: 'cbscope doctor --key-file the-downloaded.json   (passes: the pair in .env is wrong)',
      clearedBecause: 'a token of this key was accepted',
    }),
  ];
};

/** A lifetime that nobody documents; whether it is refused is not known (reference 2.3). */
function longLife({ token }: AuthOutcome): string | null {
  const seconds = token === null ? 0 : token.exp - token.nbf;
  return seconds > TOKEN_LIFETIME_S + 10
    ? `the token is made for ${seconds} s; documented are ${TOKEN_LIFETIME_S} s`
    : null;
}

function unsignedWorks(model: Model): string {
  const time = model.rest.endpoints['time'];
  const answered = time?.byStatus['200'] ?? 0;
  return answered > 0 ? `${plural(answered, 'unsigned call')} answered` : 'no unsigned call has been answered';
}

/** A refusal followed by a success of the same signed call: the key is not to blame. */
export const flaky: Rule = (model) => {
  const outcomes = model.tokens.outcomes;
  if (refusalsInARow(model.tokens).length > 0) return [];
  const pair = outcomes
    .map((refusal) => ({
      refusal,
      success: outcomes.find(
        (other) =>
          other.accepted &&
          other.what === refusal.what &&
          other.t > refusal.t &&
          other.t - refusal.t <= FLAKY_WITHIN_MS,
      ),
    }))
    .findLast(
      ({ refusal, success }) =>
        !refusal.accepted &&
        success !== undefined &&
        model.t - refusal.t < FLAKY_WITHIN_MS &&
        isSettled(model, refusal) &&
        !explainedByClock(refusal),
    );
  if (pair?.success === undefined || isSkewed(model) === true) return [];
  const { refusal, success } = pair;
  return [
    sighting({
      code: 'AUTH_FLAKY',
      connection: refusal.talker,
      title: `${refusal.what} was refused once and accepted ${duration(success.t - refusal.t)} later with the same key and clock.`,
      confidence: 'medium',
      evidence: [
        `refused: ${refusal.status ?? ''} ${refusal.message}`,
        `clock offset ${offsetText(model) ?? 'not measured'}`,
      ],
      facts: [refusal.seq, success.seq],
      steps: unauthorizedSteps(model),
      clearedBecause: 'no further refusal for 60 s',
    }),
  ];
};
