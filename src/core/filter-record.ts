// Findings and requests as a filter sees them: the same on the screen and in a report. Pure.

import type { FieldValues, FilterRecord } from './filter.ts';
import type { TrackedFinding } from './finding.ts';
import type { EndpointView } from './snapshot.ts';

const some = (value: string | null | undefined): string[] => (value === null || value === undefined ? [] : [value]);

/** What a filter asks of a finding by name; its status is `open` or `cleared`. */
export function findingFields({ code, connection, subject, status }: TrackedFinding): FieldValues {
  return {
    code: [code],
    connection: some(connection),
    product: some(subject.productId),
    order: some(subject.orderId),
    status: [status === 'cleared' ? 'cleared' : 'open'],
  };
}

export function recordOfFinding(finding: TrackedFinding): FilterRecord {
  const { code, severity, party, connection, title, status } = finding;
  return { ...findingFields(finding), text: `${code} ${severity} ${party} ${connection ?? ''} ${title} ${status}` };
}

/** Every status that the endpoint ever answered with counts as its own. */
export function recordOfEndpoint({ endpoint, path, lastStatus, lastError, byStatus }: EndpointView): FilterRecord {
  const text = `REST ${endpoint} ${path} ${lastStatus ?? ''} ${lastError}`;
  return { connection: ['rest'], status: Object.keys(byStatus), text };
}
