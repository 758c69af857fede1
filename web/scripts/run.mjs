/** Runs the steps of a suite one after the other and ends with one line: `N passed, N failed`. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const WEB = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {{ name: string, command: string[], report?: string }} Step */

/** A step with a `report` counts as many tests as vitest says; any other counts as one. */
export async function runSteps(/** @type {Step[]} */ steps) {
  let passed = 0;
  let failed = 0;
  for (const { name, command, report } of steps) {
    if (report) {
      mkdirSync(dirname(report), { recursive: true });
      rmSync(report, { force: true });
    }
    const { code, output } = await run(command, report !== undefined);
    const counted = report ? counts(report) : null;
    if (counted) {
      passed += counted.passed;
      failed += counted.failed;
      // A file that could not even be read has no tests to fail.
      if (code !== 0 && counted.failed === 0) failed++;
    } else if (code === 0) {
      passed++;
      console.log(`ok    ${name}`);
    } else {
      failed++;
      console.log(`FAIL  ${name}\n${output}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function run([program, ...args], loud) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { cwd: WEB, env: { ...process.env, npm_config_loglevel: 'error' } });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data;
        if (loud) process.stdout.write(data);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function counts(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return null;
  }
}
