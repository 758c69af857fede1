/** `npm test`: types, lint, the build with its size, and every unit test. */
import { runSteps } from './run.mjs';

const bin = (name) => `node_modules/.bin/${name}`;
const report = 'target/unit.json';

await runSteps([
  {
    name: 'types (svelte-check)',
    command: [bin('svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
  },
  { name: 'lint (eslint)', command: [bin('eslint'), '.', '--max-warnings', '0'] },
  { name: 'build mail (vite)', command: [bin('vite'), 'build', '--logLevel', 'warn', 'mail'] },
  { name: 'build console (vite)', command: [bin('vite'), 'build', '--logLevel', 'warn', 'console'] },
  {
    name: 'unit',
    report,
    command: [
      bin('vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ],
  },
]);
