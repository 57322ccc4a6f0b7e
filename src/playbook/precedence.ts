// One alarm for one trouble: which open finding explains which, and in what order findings matter. The whole order stands here.

import type { Finding } from '../core/finding.ts';
import type { Sighting } from './rule.ts';

/** Codes from root cause to symptom: of two equally severe findings the verdict rests on the earlier. */
const ORDER = [
  'AUTH_LEGACY_KEY',
  'AUTH_SECRET_UNREADABLE',
  'AUTH_KEY_TYPE',
  'NET_DNS',
  'NET_REFUSED',
  'NET_TLS',
  'NET_TIMEOUT',
  'NET_RESET',
  'EDGE_BLOCKED',
  'ACCESS_PENALTY',
  'AUTH_CLOCK_SKEW',
  'AUTH_URI_MISMATCH',
  'AUTH_REJECTED',
  'SCOPE_VIEW',
  'WS_WRONG_HOST',
  'WS_BAD_CHANNEL',
  'WS_AUTH_FAILURE',
  'WS_L2_LIMIT',
  'WS_RATE_LIMITED',
  'RATE_LIMITED',
  'SERVER_ERRORS',
  'ORDER_STUCK',
  'BALANCE_MISMATCH',
  'FEED_SILENT',
  'WS_UPGRADE_REFUSED',
  'WS_JWT_EXPIRED',
  'WS_NO_SUBSCRIPTION',
  'WS_RECONNECT_LOOP',
  'WS_CLOSED_EARLY',
  'AUTH_SECRET_NEWLINES',
  'AUTH_HMAC_MIXED',
  'SCOPE_PORTFOLIO',
  'SCOPE_TRADE',
  'SCOPE_TRANSFER',
  'WS_TOO_BIG',
  'WS_POLICY',
  'WS_SERVER_FAULT',
  'WS_IDLE_CLOSE',
  'WS_DROPPED',
  'WS_CLOSED_CLEAN',
  'WS_SUBSCRIPTION_IGNORED',
  'RATE_RETRY_STORM',
  'RATE_POLLING',
  'RATE_HEADROOM_LOW',
  'FEED_STALE',
  'SEQUENCE_GAP',
  'HEARTBEAT_LATE',
  'FRAME_MALFORMED',
  'AUTH_FLAKY',
  'HEARTBEAT_SKIPPED',
  'SEQUENCE_REPEAT',
  'WS_ERROR_FRAME',
];

interface Explains {
  cause: RegExp;
  symptom: RegExp;
  /** True when both must be about the same connection. */
  same: boolean;
}

const EXPLAINS: Explains[] = [
  {
    cause: /^AUTH_(LEGACY_KEY|SECRET_UNREADABLE|KEY_TYPE)$/,
    symptom: /^(AUTH_NO_CREDENTIALS|AUTH_REJECTED|AUTH_SECRET_NEWLINES|AUTH_FLAKY|WS_AUTH_FAILURE)$/,
    same: false,
  },
  { cause: /^AUTH_CLOCK_SKEW$/, symptom: /^(AUTH_REJECTED|AUTH_FLAKY|WS_AUTH_FAILURE)$/, same: false },
  { cause: /^AUTH_(URI_MISMATCH|REJECTED)$/, symptom: /^(AUTH_FLAKY|WS_AUTH_FAILURE)$/, same: false },
  { cause: /^WS_WRONG_HOST$/, symptom: /^AUTH_REJECTED$/, same: true },
  { cause: /^WS_JWT_EXPIRED$/, symptom: /^WS_AUTH_FAILURE$/, same: true },
  { cause: /^SCOPE_VIEW$/, symptom: /^(AUTH_REJECTED|WS_AUTH_FAILURE)$/, same: false },
  { cause: /^ACCESS_PENALTY$/, symptom: /^(RATE_LIMITED|RATE_HEADROOM_LOW|SCOPE_VIEW)$/, same: false },
  { cause: /^EDGE_BLOCKED$/, symptom: /^(WS_UPGRADE_REFUSED|SCOPE_VIEW)$/, same: true },
  { cause: /^RATE_LIMITED$/, symptom: /^RATE_HEADROOM_LOW$/, same: false },
  { cause: /^WS_RECONNECT_LOOP$/, symptom: /^WS_(DROPPED|CLOSED_CLEAN|GOING_AWAY|SERVER_FAULT)$/, same: true },
  { cause: /^FEED_SILENT$/, symptom: /^(HEARTBEAT_LATE|FEED_STALE)$/, same: true },
  {
    cause: /^WS_(BAD_CHANNEL|WRONG_HOST|L2_LIMIT)$/,
    symptom: /^(WS_ERROR_FRAME|WS_SUBSCRIPTION_IGNORED|WS_AUTH_FAILURE|FEED_STALE|FEED_SILENT)$/,
    same: true,
  },
  { cause: /^SELF_(SLEPT|LAGGING)$/, symptom: /^(FEED_SILENT|FEED_STALE|HEARTBEAT_LATE|NET_TIMEOUT)$/, same: false },
];

function explains(cause: Finding, symptom: Finding): boolean {
  return EXPLAINS.some((rule) => {
    if (!rule.cause.test(cause.code) || !rule.symptom.test(symptom.code)) return false;
    return !rule.same || cause.connection === symptom.connection;
  });
}

/** The sightings that stand by themselves; a symptom's title becomes evidence of its cause, which is what its own finding ends with. */
export function foldIntoCauses(sightings: Sighting[], endings: Map<string, string>): Sighting[] {
  const kept: Sighting[] = [];
  for (const symptom of sightings) {
    const cause = sightings.find((other) => other !== symptom && explains(other.finding, symptom.finding));
    if (cause === undefined) {
      kept.push(symptom);
      continue;
    }
    if (endings.has(symptom.finding.key)) endings.set(symptom.finding.key, `now part of ${cause.finding.code}`);
    if (cause.finding.evidence.length < 10)
      cause.finding.evidence.push(`therefore also ${symptom.finding.code}: ${symptom.finding.title}`);
  }
  return kept;
}

const SEVERITY_RANK = { critical: 0, warning: 1, info: 2 } as const;

function rootRank(code: string): number {
  const index = ORDER.indexOf(code);
  return index < 0 ? ORDER.length : index;
}

/** Sorts by what matters most: severity, then root cause before symptom. */
export function byWeight(a: Finding, b: Finding): number {
  return SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] || rootRank(a.code) - rootRank(b.code);
}
