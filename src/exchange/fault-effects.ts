// Owns what a fault changes at once, and what its end puts right. Faults that only answer when asked are the board's.
import type { Fault } from './fault.ts';
import type { Listener } from './listener.ts';
import type { Parts } from './parts.ts';

/** Brings a fault into force. */
export function applyFault(parts: Parts, fault: Fault): void {
  const { world, listeners, hosts, certificates } = parts;
  world.faults.add(fault);
  setClock(parts);
  hosts.public.apply(fault);
  hosts.user.apply(fault);
  if (fault.kind === 'stick-order') world.life.stick(fault.status, fault.fill ?? true, fault.product);
  if (fault.kind === 'refuse-connections') for (const listener of refusing(parts, fault.on)) listener.pause();
  if (fault.kind === 'tls' && certificates !== null) {
    for (const listener of Object.values(listeners)) listener.presentLeaf(certificates[fault.certificate]);
  }
}

/** Puts right what a fault changed, after the board has dropped it. */
export function undoFault(parts: Parts, fault: Fault): void {
  const { world, listeners, certificates } = parts;
  setClock(parts);
  if (fault.kind === 'stick-order') world.life.unstick();
  if (fault.kind === 'refuse-connections') {
    // Somebody else may have taken the port meanwhile; then this host stays refused.
    for (const listener of refusing(parts, fault.on)) listener.resume().catch(() => {});
  }
  if (fault.kind === 'tls' && certificates !== null) {
    for (const listener of Object.values(listeners)) listener.presentLeaf(certificates.good);
  }
}

/** Ends every fault, in force or still to come. */
export function clearFaults(parts: Parts): void {
  parts.world.faults.clear();
  parts.hosts.public.clear();
  parts.hosts.user.clear();
  parts.rest.limits.lift();
}

function setClock({ world }: Parts): void {
  world.clock.skewMs = world.faults.find('skew')?.fault.ms ?? 0;
}

function refusing(parts: Parts, on: string | undefined): Listener[] {
  const { rest, public: open, user } = parts.listeners;
  if (on === 'rest') return [rest];
  if (on === 'public') return [open];
  if (on === 'user') return [user];
  return on === 'both' ? [open, user] : [rest, open, user];
}
