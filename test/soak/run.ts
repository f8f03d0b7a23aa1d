// `npm run soak`: clients that upload and click while processes are killed. Needs `npm run build`.
import { readOptions, type SoakOptions, USAGE } from './options.ts';
import { table } from './report.ts';
import { soak } from './soak.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const options = optionsOrExit();
const began = performance.now();
const say = (line: string) => {
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${String(seconds).padStart(5)} s  ${line}`);
};
say(`seed ${options.seed}: --seed ${options.seed} makes the same choices again`);
const lines = await soak(options, say);
console.log(`\n${table(lines)}\n`);
process.exit(lines.every(({ ok }) => ok) ? 0 : 1);

function optionsOrExit(): SoakOptions {
  try {
    return readOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
