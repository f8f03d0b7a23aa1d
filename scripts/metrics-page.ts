// Writes the table of docs/OBSERVING.md from the metrics' declarations: `npm run docs`.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRICS, type MetricDeclaration } from '#host/service';

const PAGE = join(import.meta.dirname, '../docs/OBSERVING.md');
const BEGIN =
  '<!-- metrics: made from packages/host/service/metrics-table.ts by npm run docs -->\n';
const END = '<!-- /metrics -->';

/** The page with its table as it has to be: a test compares the committed one with it. */
export function metricsPage(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  assert(begin >= 0 && end > begin, 'docs/OBSERVING.md has lost the marks of its table');
  return page.slice(0, begin + BEGIN.length) + table() + page.slice(end);
}

function table(): string {
  const rows = (Object.entries(METRICS) as [string, MetricDeclaration][]).map(row);
  return `
| metric | type, unit | in | labels besides \`service\` | meaning |
|---|---|---|---|---|
${rows.join('\n')}

`;
}

function row([name, declared]: [string, MetricDeclaration]): string {
  const { type, unit, services, labels, help, convention } = declared;
  const told = convention === undefined ? help : `${help} (\`${convention}\`)`;
  const cells = [
    `\`${name}\``,
    `${type}, ${unit}`,
    services.join(', '),
    labels.map((label) => `\`${label}\``).join(', '),
    told,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, metricsPage(readFileSync(PAGE, 'utf8')));
}
