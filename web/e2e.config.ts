import { defineConfig } from 'vitest/config';

/** One browser, one file after the other: the machine has other work to do. */
export default defineConfig({
  test: {
    include: ['mail/test/e2e/**/*.e2e.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    pool: 'threads',
    maxWorkers: 1,
  },
});
