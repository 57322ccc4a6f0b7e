// Which of the captured sockets are followed. The model knows one public and one user socket at a time, and a program may hold many at
// once, each with sequence numbers of its own: of those that overlap, the most telling one is kept.

import type { HarSocket } from './har-socket.ts';
import { wasOpen } from './har-socket.ts';

/** A browser's clock and a proxy's may put the next start a little before the last end. */
const OVERLAP_MS = 50;

/** Trouble tells more than quiet, then much traffic more than little. */
function tells(socket: HarSocket): number {
  const ended = !wasOpen(socket) || (socket.ending !== null && socket.ending.code !== 1000);
  const errors = socket.messages.some(({ isSent, data }) => !isSent && /^\s*\{\s*"type"\s*:\s*"error"/.test(data));
  return (errors ? 2e9 : 0) + (ended ? 1e9 : 0) + socket.messages.length;
}

function overlap(a: HarSocket, b: HarSocket): boolean {
  if (a.connection !== b.connection) return false;
  return a.startMs < b.lastMs - OVERLAP_MS && b.startMs < a.lastMs - OVERLAP_MS;
}

/** The sockets to follow, in time order, and how many had to be left out. */
export function selectSockets(sockets: readonly HarSocket[]): { followed: HarSocket[]; leftOut: number } {
  const ranked = [...sockets].sort((a, b) => tells(b) - tells(a) || a.startMs - b.startMs);
  const followed: HarSocket[] = [];
  for (const socket of ranked) if (!followed.some((other) => overlap(socket, other))) followed.push(socket);
  followed.sort((a, b) => a.startMs - b.startMs);
  return { followed, leftOut: sockets.length - followed.length };
}
