/** `npm run e2e`: the Chromium suite, against the server at CASELLA_URL or against the fake in memory. */
import { existsSync } from 'node:fs';
import { runSteps, WEB } from './run.mjs';

const bin = (name) => `node_modules/.bin/${name}`;
const report = 'target/e2e.json';
const build = { name: 'build (vite)', command: [bin('vite'), 'build', '--logLevel', 'warn', 'mail'] };

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
// A server under test brings its own pages; the fake serves the ones built here.
if (!process.env.CASELLA_URL || !existsSync(`${WEB}/mail/dist/index.html`)) steps.unshift(build);
await runSteps(steps);
