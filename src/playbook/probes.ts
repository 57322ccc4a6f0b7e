// When to run the control experiments: harmless probes that tell what works from what does not, asked for when something critical begins.

import { PROBE_EVERY_MS } from '../core/bounds.ts';
import type { Command } from '../core/command.ts';
import type { FindingChange } from '../core/finding.ts';
import type { Model } from '../core/model.ts';

/** What our own configuration shows needs no experiment on the network. */
const PLAIN = /^(AUTH_LEGACY_KEY|AUTH_SECRET|AUTH_KEY_TYPE|WS_BAD_CHANNEL|WS_L2_LIMIT)/;

/** The probe that newly raised findings call for, or null. Never while REST is held back, never more often than `PROBE_EVERY_MS`. */
export function probeFor(model: Model, changes: FindingChange[]): Command | null {
  const alarming = changes.find(
    ({ status, finding }) => status === 'raised' && finding.severity === 'critical' && !PLAIN.test(finding.code),
  );
  if (alarming === undefined || model.ended || model.rest.pausedUntilT !== null) return null;
  const last = Math.max(model.probes?.t ?? Number.NEGATIVE_INFINITY, model.probeAskedT ?? Number.NEGATIVE_INFINITY);
  if (model.t - last < PROBE_EVERY_MS) return null;
  model.probeAskedT = model.t;
  return { command: 'probe', reason: alarming.finding.code };
}
