import { defineConfig } from 'vitest/config';

/** Some tests break the server on purpose and need the fake; some need a server that reads any bytes. */
const own = process.env['CASELLA_URL'] ? 'real' : 'fake';

/** What needs faults of a server that takes orders. */
const ordered = process.env['CASELLA_COMMAND'] ? ['mail/test/e2e/ordered/*.e2e.ts'] : [];

/** The console has a server of its own; only its own story is told to a real one. */
const console_ = process.env['CASELLA_CONSOLE_URL']
  ? ['console/test/e2e/real/*.e2e.ts']
  : own === 'fake'
    ? ['console/test/e2e/*.e2e.ts']
    : [];

const mail = process.env['CASELLA_CONSOLE_URL']
  ? []
  : ['mail/test/e2e/*.e2e.ts', `mail/test/e2e/${own}/*.e2e.ts`, ...ordered];

/** One browser, one file after the other: the machine has other work to do. */
export default defineConfig({
  test: {
    include: [...mail, ...console_],
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    fileParallelism: false,
    pool: 'threads',
    maxWorkers: 1,
  },
});
