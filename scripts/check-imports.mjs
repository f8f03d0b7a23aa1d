// Holds the import rules of .dependency-cruiser.cjs, in the folder given or in this repository. A
// cruise that saw nothing, as happens when dependency-cruiser does not know the installed
// TypeScript, reports no violation either: so every source file must have been seen.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { main, ROOT, StepFailed } from './steps.mjs';

const FOLDERS = ['packages', 'services', 'cli', 'native', 'bench', 'test'];
const NO_SOURCE = /(^|\/)(node_modules|dist|build[^/]*)\//;

await main(() => {
  const root = resolve(process.argv[2] ?? ROOT);
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { modules, summary } = cruise(root, folders);
  const seen = new Set(modules.map((module) => module.source));
  const unseen = sources(root, folders).filter((source) => !seen.has(source));
  for (const { rule, from, to } of summary.violations) {
    console.log(`${rule.name}: ${from} -> ${to}\n  ${comment(summary, rule.name)}`);
  }
  for (const source of unseen) console.log(`not seen by dependency-cruiser: ${source}`);
  if (seen.size === 0) throw new StepFailed('dependency-cruiser saw no module at all');
  const wrong = summary.violations.length + unseen.length;
  if (wrong > 0) throw new StepFailed(`${wrong} breaches of the import rules`);
  console.log(`${seen.size} modules keep the import rules`);
});

function cruise(root, folders) {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 };
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new StepFailed(`dependency-cruiser: ${stderr || stdout}`);
  }
}

function sources(root, folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name))),
    )
    .filter((source) => !NO_SOURCE.test(source));
}

function comment(summary, name) {
  return summary.ruleSetUsed.forbidden.find((rule) => rule.name === name)?.comment ?? '';
}
