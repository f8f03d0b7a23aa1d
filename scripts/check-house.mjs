// Slips that were made once and are told by a machine now: names that say nothing, tests narrowed
// to one, paths of one person's machine.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { main, ROOT, StepFailed } from './steps.mjs';

const FOLDERS = [
  'packages',
  'services',
  'cli',
  'native',
  'proto',
  'scripts',
  'test',
  'bench',
  'clients',
];
const NOT_OURS = /(^|\/)(node_modules|generated|build[^/]*|third-party)\//;
const SOURCE = /\.(ts|mjs|cjs|cpp|hpp|cu|py|sh|proto)$/;

const RULES = [
  {
    of: 'name',
    pattern: /(^|[/_-])(utils?|helpers?|common|manager|misc)([._/-]|$)/,
    says: 'a name that tells what is inside',
  },
  { of: 'text', pattern: /\b(describe|it|context)\.only\(/, says: 'all tests, not one (.only)' },
  { of: 'text', pattern: /\b(TODO|FIXME|XXX)\b/, says: 'an issue, not a note in the code' },
  { of: 'text', pattern: /["'`\s(](\/home\/|\/root\/|\/work\/)/, says: 'a relative path' },
];
/** Says the words that it looks for. */
const ITSELF = 'scripts/check-house.mjs';

await main(() => {
  const sources = FOLDERS.flatMap(filesUnder).filter((path) => path !== ITSELF);
  const wrong = sources.flatMap(problemsOf);
  for (const problem of wrong) console.log(problem);
  if (wrong.length > 0) throw new StepFailed(`${wrong.length} slips`);
  console.log(`${sources.length} sources in order`);
});

function filesUnder(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !NOT_OURS.test(path));
}

function problemsOf(path) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return RULES.filter((rule) => rule.pattern.test(rule.of === 'name' ? path : text)).map(
    (rule) => `${path}: expected ${rule.says}`,
  );
}
