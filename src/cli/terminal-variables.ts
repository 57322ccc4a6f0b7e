// What the environment says about the terminal: whether it draws, whether it wants colour, and whether it knows more letters than ASCII.

type Environment = Record<string, string | undefined>;

const NAMES = ['TERM', 'NO_COLOR', 'FORCE_COLOR', 'LC_ALL', 'LC_CTYPE', 'LANG'] as const;

/** These variables alone: for runs that look at nothing else of the environment. */
export function terminalVariables(environment: Environment): Environment {
  return Object.fromEntries(NAMES.map((name) => [name, environment[name]]));
}

export function isDumb({ TERM }: Environment): boolean {
  return TERM === 'dumb';
}

/** `NO_COLOR` counts when it is not empty, and before anything else. */
export function wantsColor({ NO_COLOR, FORCE_COLOR }: Environment): boolean {
  return (NO_COLOR ?? '') === '' && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
}

/** A locale that names another character set, or none as `C` does, has ASCII only. No locale at all says nothing. */
export function isUnicode({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}
