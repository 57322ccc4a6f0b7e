// Finding codes on both sides: every code that a rule names is in the catalogue, every code of the catalogue is raised by a rule.

import type { Source } from './sources.ts';

const CODE =
  /'((?:AUTH|SCOPE|ACCESS|EDGE|WS|FEED|HEARTBEAT|SEQUENCE|FRAME|RATE|SERVER|ORDER|BALANCE|NET|SELF|CLOCK|RECORDING)_[A-Z0-9_]+)'/g;

/** Files of the playbook that speak of codes without raising any. */
const SPEAKS_ONLY = ['src/playbook/catalogue.ts', 'src/playbook/precedence.ts', 'src/playbook/verdict.ts'];

export function codesNamed(text: string): string[] {
  return [...text.matchAll(CODE)].map((match) => match[1] ?? '');
}

/** Codes that are named somewhere in the playbook but unknown to the catalogue. */
export function unknownCodes(sources: readonly Source[], catalogue: readonly string[]): string[] {
  return sources.flatMap(({ path, text }) =>
    codesNamed(text)
      .filter((code) => !catalogue.includes(code))
      .map((code) => `${path}: names ${code}, which is not in the catalogue`),
  );
}

/** Codes of the catalogue that no rule raises. */
export function unraisedCodes(sources: readonly Source[], catalogue: readonly string[]): string[] {
  const raised = new Set(
    sources.filter(({ path }) => !SPEAKS_ONLY.includes(path)).flatMap(({ text }) => codesNamed(text)),
  );
  return catalogue.filter((code) => !raised.has(code));
}
