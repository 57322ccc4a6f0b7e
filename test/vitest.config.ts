// Test runner settings. Everything lives under test/, one process pool of two: the machines that run this have two cores.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Production React knows no development JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    env: { NODE_ENV: 'production', CBSCOPE_TEST: '1' },
  },
});
