// The program's version: put in by the build, read from package.json where there was none (tests).

import { createRequire } from 'node:module';

declare const CBSCOPE_VERSION: string | undefined;

export const VERSION: string =
  typeof CBSCOPE_VERSION === 'string'
    ? CBSCOPE_VERSION
    : (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
