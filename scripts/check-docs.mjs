// What the documents point to exists: relative links with their anchors, paths in code spans, npm
// scripts. The folder to check can be given; it is this repository otherwise.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { main, ROOT, StepFailed } from './steps.mjs';

const NOT_OURS = /^(node_modules|dist|\.git|\.cache|coverage|build.*|generated|data)$/;
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;
const CODE_SPAN = /`([^`\n]+)`/g;
const NPM_SCRIPT = /npm run (?:--silent )?([\w:-]+)/g;
/** Such a code span is a path of this repository. One with `<op>` or `*` in it is left alone. */
const PATH =
  /^(packages|services|cli|native|proto|scripts|docs|models|samples|clients|test|bench)\/[\w./-]*$/;
/** Made when the project runs or is built. */
const MADE_LATER = /^(packages\/rpc\/generated|clients\/python\/generated)/;

await main(() => {
  const root = resolve(process.argv[2] ?? ROOT);
  const pages = markdownFiles(root);
  const wrong = pages.flatMap((page) => problemsOf(page, root));
  for (const problem of wrong) console.log(problem);
  if (pages.length === 0) throw new StepFailed('no documents found');
  if (wrong.length > 0) throw new StepFailed(`${wrong.length} dead ends in the documents`);
  console.log(`${pages.length} documents lead somewhere`);
});

function markdownFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !NOT_OURS.test(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return markdownFiles(path);
      return entry.name.endsWith('.md') ? [path] : [];
    });
}

function problemsOf(page, root) {
  const text = readFileSync(page, 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const prose = text.replace(/```[\s\S]*?```/g, '');
  const dead = [
    ...matches(prose, LINK).filter((target) => !leadsSomewhere(target, page)),
    ...matches(prose, CODE_SPAN).filter(
      (span) => PATH.test(span) && !MADE_LATER.test(span) && !isThere(span, page, root),
    ),
    ...matches(text, NPM_SCRIPT)
      .filter((name) => !(name in scripts))
      .map((name) => `npm run ${name}`),
  ];
  return dead.map((target) => `${relative(root, page)}: ${target}`);
}

/** From the root, or from the page's own folder. */
function isThere(path, page, root) {
  return existsSync(join(root, path)) || existsSync(join(dirname(page), path));
}

function matches(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1]);
}

function leadsSomewhere(target, page) {
  if (/^(https?|mailto):/.test(target)) return true;
  const [path, anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor);
}

/** The ids that GitHub gives to headings. */
function anchorsOf(text) {
  const headings = text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
