import { defineConfig } from 'vitest/config';

/** Some tests break the server on purpose; those need the fake. */
const fake = process.env['CASELLA_URL'] ? [] : ['mail/test/e2e/fake/*.e2e.ts'];

/** One browser, one file after the other: the machine has other work to do. */
export default defineConfig({
  test: {
    include: ['mail/test/e2e/*.e2e.ts', ...fake],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    pool: 'threads',
    maxWorkers: 1,
  },
});
