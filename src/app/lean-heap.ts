// What is asked of the engine of JavaScript about memory: to collect sooner rather than to grow. Such a wish holds for all threads.

import { setFlagsFromString } from 'node:v8';
import { ENGINE_YOUNG_MB_MAX } from '../core/bounds.ts';

/** The heap may double before it is collected, in place of growing fourfold: 50 to 80 MB less at the end of a gigabyte, in the same time. */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

/**
 * To be called before the engine's thread is made: it begins with all the room it may have for what was just made, as it cannot grow later.
 * What a socket reads in a burst would be collected late only: a live run collects at less than half as much more.
 */
export function beginSmall(role: 'live' | 'replay'): void {
  setFlagsFromString(`--min-semi-space-size=${ENGINE_YOUNG_MB_MAX[role] / 3}`);
  if (role === 'live') setFlagsFromString('--heap-growing-percent=40');
}

/** From now on no thread gets more room for what was just made: drawing would fill 30 to 100 MB before it first collects. */
export function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
