/**
 * `npm run e2e`: the Chromium suite, against the servers at CASELLA_URL (webmail) or CASELLA_CONSOLE_URL (console),
 * or against the fakes in memory.
 */
import { existsSync } from 'node:fs';
import { runSteps, WEB } from './run.mjs';

const bin = (name) => `node_modules/.bin/${name}`;
const report = 'target/e2e.json';
const build = (page) => ({
  name: `build ${page} (vite)`,
  command: [bin('vite'), 'build', '--logLevel', 'warn', page],
});

const chromium = process.env.CASELLA_CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(chromium)) {
  console.error(`No Chromium at ${chromium}. Install it (apt-get install chromium) or set CASELLA_CHROMIUM.`);
  process.exit(2);
}
const steps = [
  {
    name: 'e2e',
    report,
    command: [
      bin('vitest'),
      'run',
      '-c',
      'e2e.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ],
  },
];
// A server under test brings its own pages; the fakes serve the ones built here.
const { CASELLA_URL, CASELLA_CONSOLE_URL } = process.env;
const pages = CASELLA_CONSOLE_URL ? ['console'] : CASELLA_URL ? ['mail'] : ['mail', 'console'];
for (const page of pages) {
  const named = process.argv.slice(2).filter((name) => !name.startsWith('-'));
  const meant = named.length === 0 || named.some((name) => name.includes(page));
  const served = CASELLA_URL || CASELLA_CONSOLE_URL;
  if (meant && !(served && existsSync(`${WEB}/${page}/dist/index.html`))) steps.unshift(build(page));
}
await runSteps(steps);
