// Everything: set-up with what the tests compare against, lint, unit tests, the addon under
// sanitizers, end-to-end tests. Every step runs; the last line sums them up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup } from './setup.mjs';
import { main, ROOT } from './steps.mjs';

const STEPS = [
  { name: 'lint', work: () => check('node', ['scripts/lint.mjs']) },
  { name: 'unit tests', work: () => mocha('test:unit') },
  { name: 'long tests', work: () => mocha('test:long') },
  { name: 'sanitizers', work: () => check('node', ['scripts/sanitize.mjs']) },
  { name: '64-bit Arm', work: () => check('node', ['scripts/check-arm64.mjs']) },
  { name: 'end-to-end tests', work: () => mocha('test:e2e') },
];

await main(async () => {
  const begin = Date.now();
  await setup({ tests: true });
  const minutes = minutesSince(begin);
  const setupResult = { name: 'set-up', passed: 0, failed: 0, skipped: 0, reasons: [], minutes };
  report([setupResult, ...STEPS.map(runStep)]);
});

function runStep({ name, work }) {
  console.log(`\n== ${name}`);
  const begin = Date.now();
  return { name, ...work(), minutes: minutesSince(begin) };
}

/** A step that is no mocha run counts as one failed test when it fails, and not at all otherwise. */
function check(program, args) {
  return { passed: 0, failed: ended(program, args) ? 0 : 1, skipped: 0, reasons: [] };
}

/** Runs one of package.json's mocha scripts. A run that breaks off before its end has failed. */
function mocha(script) {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-tally-'));
  const file = join(folder, 'tally.json');
  const reporter = [
    '--reporter',
    'scripts/tally-reporter.cjs',
    '--reporter-option',
    `tally=${file}`,
  ];
  const well = ended('npm', ['run', '--silent', script, '--', ...reporter]);
  const tally = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0, reasons: [] };
  rmSync(folder, { recursive: true });
  return { ...tally, failed: well ? tally.failed : Math.max(1, tally.failed) };
}

function ended(program, args) {
  return spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

function minutesSince(begin) {
  return (Date.now() - begin) / 60_000;
}

function report(results) {
  console.log('\nstep               minutes  result');
  for (const { name, minutes, failed } of results) {
    const verdict = failed === 0 ? 'ok' : 'FAILED';
    console.log(`${name.padEnd(18)} ${minutes.toFixed(2).padStart(7)}  ${verdict}`);
  }
  const reasons = counted(results.flatMap((result) => result.reasons));
  for (const [reason, tests] of Object.entries(reasons)) {
    console.log(`${String(tests).padStart(4)} skipped: ${reason}`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  if (sum('failed') > 0) process.exitCode = 1;
}

function counted(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
