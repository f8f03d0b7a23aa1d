// Writes docs/LIMITS.md from the declarations of the limits: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatBytes } from '#host';
import { declaredLimits, type Limit } from './declared-limits.ts';

const PAGE = join(import.meta.dirname, '../docs/LIMITS.md');

/** The page as it has to be: a test compares the committed one with it. */
export function limitsPage(): string {
  const { limits } = declaredLimits();
  const bounds = limits.filter(({ beyond }) => beyond !== undefined);
  const measures = limits.filter(({ beyond }) => beyond === undefined);
  return `# Limits

Made by \`npm run docs\` from the constants themselves: each is declared where it is used, with what
happens beyond it. \`test/services/limits.test.ts\` goes to each of them and beyond.

A word in capitals is a reason or a gRPC status: over gRPC it comes as the status with
\`google.rpc.ErrorInfo\`, over HTTP as the number that belongs to it. A flag moves a limit;
[CONFIGURATION.md](CONFIGURATION.md) has all flags.

Beneath these stand those of HTTP/2 in Node and nghttp2, which end a stream or its connection without
an answer: a header list of 64 KiB or 128 fields, headers that go on without end, pings and settings
that are sent faster than their answers are read. The memory of one HTTP/2 connection has no bound of
its own: its streams, their windows and their metadata have.

| limit | value | beyond it | flag | what it bounds and why |
|---|---|---|---|---|
${bounds.map(boundRow).join('\n')}

## Measures within

Nobody outside can exceed these; they are what the code works by.

| measure | value | what it is and why |
|---|---|---|
${measures.map(measureRow).join('\n')}
`;
}

function boundRow(limit: Limit): string {
  const flag = limit.flag === undefined ? '' : `\`${limit.flag}\``;
  return row([nameOf(limit), valueText(limit), limit.beyond ?? '', flag, limit.why]);
}

function measureRow(limit: Limit): string {
  return row([nameOf(limit), valueText(limit), limit.why]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function nameOf({ name }: Limit): string {
  return `\`${name}\``;
}

/** A value with the unit that its name ends in. */
function valueText({ name, value }: Limit): string {
  if (typeof value === 'string') return `\`${value}\``;
  if (/bytes$/i.test(name)) return value % 1024 === 0 ? formatBytes(value) : `${value} B`;
  if (/ms$/i.test(name)) return duration(value);
  if (/mm$/i.test(name)) return `${value} mm`;
  return String(value);
}

function duration(ms: number): string {
  for (const [unit, factor] of UNITS_MS)
    if (ms >= factor && ms % factor === 0) return `${ms / factor} ${unit}`;
  return `${ms} ms`;
}

const UNITS_MS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, limitsPage());
