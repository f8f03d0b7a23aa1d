// Every bench in turn, and what they printed kept beside this file under the machine and the day:
//   npm run bench [-- PART-OF-A-NAME]
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { devices } from '#kernels';

interface Report {
  readonly path: string;
  readonly status: number | null;
  readonly printed: string;
}

const ROOT = join(import.meta.dirname, '..');
const wanted = process.argv[2] ?? '';

const benches = ['native', 'packages', 'bench']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(folder, path),
    ),
  )
  .filter((path) => /(^|\/|\.)bench\.ts$/.test(path) && path.includes(wanted))
  .sort();
if (benches.length === 0) {
  console.error(`expected a part of a bench's path, got '${wanted}'`);
  process.exit(2);
}

const reports: Report[] = [];
for (const path of benches) {
  console.log(`\n== ${path}`);
  const report = await run(path);
  const mark = markOf(report);
  if (mark !== undefined) console.log(mark);
  reports.push(report);
}

const day = new Date().toISOString().slice(0, 10);
if (wanted === '') writeFileSync(join(import.meta.dirname, `${day}.md`), page());
if (reports.some(({ status }) => status !== 0)) process.exitCode = 1;

/** Shows what a bench prints while it prints it. Its errors are shown and not kept. */
function run(path: string): Promise<Report> {
  const child = spawn(process.execPath, ['--import=tsx', path], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    process.stdout.write(text);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ path, status, printed }));
  });
}

/** What a reader must not overlook: a bench that failed, or that left something out. */
function markOf({ path, status, printed }: Report): string | undefined {
  if (status !== 0) return `FAILED: ${path}`;
  const skipped = /^\s*skipped\b/im.test(printed);
  return skipped ? `SKIPPED: ${path}, or a part of it` : undefined;
}

function page(): string {
  const { cpu, cuda } = devices();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const machine = [
    `${cpus().length} x ${cpus()[0]?.model.trim()}, ${memoryGiB} GiB, kernels: ${cpu.variant}`,
    cuda.available ? 'CUDA' : `no CUDA (${cuda.reason})`,
    `Node ${process.version}`,
  ];
  const sections = reports.map((report) => {
    const mark = markOf(report);
    const text = `## ${report.path}\n\n\`\`\`\n${report.printed.trim()}\n\`\`\`\n`;
    return mark === undefined ? text : `${text}\n${mark}\n`;
  });
  return [`# Benches of ${day}`, machine.join('; '), ...sections].join('\n\n');
}
