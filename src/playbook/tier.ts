// Who settles a finding, and why: T2 in the three cases of the playbook's escalation guide, T1 in all others.

import type { Finding } from '../core/finding.ts';

const BY_PARTY: Readonly<Record<Finding['party'], string>> = {
  healthy: 'nothing is wrong',
  configuration: 'it is the customer’s own configuration',
  key: 'the customer sets it right in the portal',
  network: 'it is on the customer’s network',
  tool: 'it is about this tool or its machine',
  unknown: 'nothing yet points at Coinbase',
  coinbase: 'no stuck order, wrong balance or lasting 5xx',
};

/** Why T1 settles what this party has to do with. */
export function firstLineReason(party: Finding['party']): string {
  return BY_PARTY[party];
}

/** `T2 (matching): an order is stuck …`, or `T1: it is the customer’s own configuration.` */
export function tierText({ party, escalate }: Pick<Finding, 'party' | 'escalate'>): string {
  return escalate === null
    ? `T1: ${firstLineReason(party)}.`
    : `${escalate.to} (${escalate.category}): ${escalate.reason}`;
}
