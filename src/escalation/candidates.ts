// What each field of a packet may be, out of what was seen: for the lists of the dialog. Pure.

import type { PacketCandidate, PacketPreview } from '../core/packet-request.ts';
import { firstLineReason } from '../playbook/tier.ts';
import type { PacketInput, PacketResponse } from './case.ts';
import { requestName, utc } from './fields.ts';

const LISTED_MAX = 20;
const BODY_START = 60;

function orders({ snapshot }: PacketInput): PacketCandidate[] {
  const said = (text: string): string => (text === '' ? 'nothing' : text);
  return [...snapshot.orders]
    .sort((a, b) => Number(a.agrees) - Number(b.agrees))
    .map(({ orderId, productId, side, rest, user, filled, agrees }) => ({
      request: productId === '' ? { orderId } : { orderId, productId },
      // The id comes last: where there is little room its beginning is enough, and the field shows it whole.
      label: `${agrees ? '' : 'disagree: '}${side} ${productId}  REST ${said(rest)}  user ${said(user)}  fills ${said(filled)}  ${orderId}`,
    }));
}

function products({ snapshot, finding }: PacketInput): PacketCandidate[] {
  const seen = [finding?.subject.productId ?? '', ...snapshot.products, ...snapshot.orders.map((o) => o.productId)];
  return [...new Set(seen)]
    .filter((id) => id !== '')
    .map((productId) => ({ request: { productId }, label: productId }));
}

const statusOf = ({ status }: PacketResponse): string => (status === 0 ? 'nothing answered' : String(status));

function times({ responses, finding }: PacketInput): PacketCandidate[] {
  const ofFinding: PacketCandidate[] =
    finding === null
      ? []
      : [
          { request: { at: finding.lastAt }, label: `${utc(finding.lastAt)}  last seen` },
          { request: { at: finding.firstAt }, label: `${utc(finding.firstAt)}  first seen` },
        ];
  const ofResponses = responses.toReversed().map((response) => ({
    request: { at: response.at },
    label: `${utc(response.at)}  ${requestName(response)} ${statusOf(response)}`,
  }));
  return [...ofFinding, ...ofResponses];
}

function bodies({ responses }: PacketInput): PacketCandidate[] {
  return responses.toReversed().map((response) => ({
    request: { responseSeq: response.seq, at: response.at },
    label: `${utc(response.at).slice(11, 23)}  ${requestName(response)} ${statusOf(response)}  ${response.body.slice(0, BODY_START)}`,
  }));
}

/** Orders, products, timestamps and failed answers that were seen, the likeliest first. */
export function candidatesOf(input: PacketInput): PacketPreview['candidates'] {
  const some = (list: PacketCandidate[]): PacketCandidate[] => list.slice(0, LISTED_MAX);
  return {
    order: some(orders(input)),
    product: some(products(input)),
    at: some(times(input)),
    body: some(bodies(input)),
  };
}

/** Why T1 settles this, with what to do first; null when the playbook escalates it. */
export function cautionOf({ finding }: PacketInput): string | null {
  if (finding === null || finding.escalate !== null) return null;
  const fix = finding.fix[0];
  const first = fix === undefined ? '' : ` First: ${fix.replace(/[.?]$/, '')}.`;
  return `${finding.code} is for T1: ${firstLineReason(finding.party)}.${first} T2 only if that did not help.`;
}
