// Test runner settings. Everything lives under test/, one process pool of two: the machines that run this have two cores.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Production React knows no development JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  // The bundle gives what stands in for a package's module the real one under this name.
  resolve: {
    alias: {
      'string-width-itself': 'string-width',
      'ink-output-itself': new URL('../node_modules/ink/build/output.js', import.meta.url).pathname,
    },
  },
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    // The machines that run this are noisy: a second try tells noise from a fault, which fails both.
    retry: 1,
    env: { NODE_ENV: 'production', CBSCOPE_TEST: '1' },
  },
});
