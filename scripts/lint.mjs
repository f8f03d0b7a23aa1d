// Everything that is checked without running the project. All checks run, then the verdict.
import { spawnSync } from 'node:child_process';
import { main, ROOT, StepFailed } from './steps.mjs';

const CHECKS = [
  { name: 'types', command: ['npx', '--no-install', 'tsc', '--noEmit', '-p', '.'] },
  { name: 'format and style', command: ['npx', '--no-install', 'biome', 'check', '.'] },
  { name: 'import rules', command: ['node', 'scripts/check-imports.mjs'] },
  { name: 'contract', command: ['node', 'scripts/check-contract.mjs'] },
  { name: 'house', command: ['node', 'scripts/check-house.mjs'] },
  { name: 'documents', command: ['node', 'scripts/check-docs.mjs'] },
];

await main(() => {
  const failed = CHECKS.filter(({ name, command: [program, ...args] }) => {
    const { status } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' });
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    return status !== 0;
  });
  if (failed.length > 0) throw new StepFailed(`lint: ${failed.map((c) => c.name).join(', ')}`);
});
