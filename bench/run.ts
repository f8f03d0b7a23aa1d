// Every bench in turn, and what they printed kept beside this file under the machine and the day:
//   npm run bench [-- PART-OF-A-NAME]
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { devices } from '#kernels';

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

const reports = benches.map((path) => {
  console.log(`\n== ${path}`);
  const { status, stdout, stderr } = spawnSync('node', ['--import=tsx', path], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  if (status !== 0) process.stderr.write(stderr);
  return { path, status, stdout };
});

const day = new Date().toISOString().slice(0, 10);
if (wanted === '') writeFileSync(join(import.meta.dirname, `${day}.md`), page());
if (reports.some(({ status }) => status !== 0)) process.exitCode = 1;

function page(): string {
  const { cpu, cuda } = devices();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const machine = [
    `${cpus().length} x ${cpus()[0]?.model.trim()}, ${memoryGiB} GiB, kernels: ${cpu.variant}`,
    cuda.available ? 'CUDA' : `no CUDA (${cuda.reason})`,
    `Node ${process.version}`,
  ];
  const sections = reports.map(
    ({ path, status, stdout }) =>
      `## ${path}\n\n\`\`\`\n${stdout.trim()}\n\`\`\`\n${status === 0 ? '' : '\nFAILED\n'}`,
  );
  return [`# Benches of ${day}`, machine.join('; '), ...sections].join('\n\n');
}
