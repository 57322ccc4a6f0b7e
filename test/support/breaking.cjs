// Loaded before the program by a test: breaks one of its threads, in one way, as soon as the file that BREAK_AT names is there.

const { existsSync } = require('node:fs');
const { isMainThread, workerData } = require('node:worker_threads');

const ways = {
  throw: () => {
    throw new Error('broken by the test');
  },
  reject: () => void Promise.reject(new Error('broken by the test')),
  exit: () => process.exit(0),
  // Blocks for good.
  block: () => {
    for (;;);
  },
};

const thread = isMainThread ? 'screen' : workerData?.role === 'engine' ? 'engine' : 'other';
const { BREAK_AT, BREAK_THREAD, BREAK_WAY } = process.env;
if (BREAK_THREAD === thread) {
  const timer = setInterval(() => {
    if (!existsSync(BREAK_AT)) return;
    clearInterval(timer);
    ways[BREAK_WAY]();
  }, 20);
  timer.unref();
}
