// Whole numbers in groups of three.

/** `139 871`: thousands in groups, so that digits can be counted at a glance. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}
