// Masks of real images beside those measured in PyTorch: `npm run bench:dice`. Every image and
// structure is clicked with points of the same rule. The hippocampi are clicked over gRPC as well.
// Errors: a Dice farther from the measured one than the model's tolerance, another number of
// structures, a mean below what is promised, other bytes over gRPC.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import type { Vec3 } from '#geometry';
import type { Model } from '#models';
import { maskAndRunLengthsOf, maskOf } from '../packages/annotation/testing/annotate-structure.ts';
import { readImage, readLabels } from '../packages/annotation/testing/images.ts';
import {
  anyDice,
  HIPPOCAMPUS,
  hippocampusDice,
  hippocampusImage,
  hippocampusLabels,
  hippocampusPoints,
} from '../packages/annotation/testing/measured.ts';
import { shippedModels } from '../packages/annotation/testing/shipped-models.ts';
import {
  dice,
  extremePointsOf,
  largestPart,
  type Structure,
  structureOf,
} from '../packages/annotation/testing/structures.ts';
import {
  SMALLEST_STRUCTURE_VOXELS,
  TOTALSEG_PAIRS,
} from '../packages/annotation/testing/totalseg.ts';
import { MRICRON, SHARED } from '../test/outside-data.ts';
import { runLengthsOver } from '../test/services/run-lengths.ts';
import { type Services, startServices } from '../test/services/running.ts';

/** Structures of each pair of files that are large enough to have been measured. */
const STRUCTURES: Readonly<Record<string, number>> = {
  'example_ct_sm / example_seg': 19,
  'example_ct / example_seg_fast_force_split': 41,
  'example_mr_sm / example_seg_mr': 10,
};
const HIPPOCAMPI = 208;

interface Found {
  readonly name: string;
  readonly dice: number;
  readonly measured: number | undefined;
  /** Whether a server answered with the same bytes; undefined where none was asked. */
  readonly sameOverGrpc?: boolean;
}

interface Result {
  readonly model: string;
  readonly data: string;
  readonly within: number;
  readonly count: number;
  readonly meanAtLeast?: number;
  readonly found: readonly Found[];
}

async function clickHippocampi(
  services: Services,
  model: Model,
  measured: ReadonlyMap<string, number>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const [name, points] of hippocampusPoints()) {
    const path = hippocampusImage(name);
    const volume = await readImage(path);
    const labels = await readLabels(hippocampusLabels(name));
    const { mask, runLengths } = await maskAndRunLengthsOf(model, volume, points);
    volume.dispose();
    const sessionId = await services.open(await readFile(path));
    const there = await runLengthsOver(services, { sessionId, model: model.name, points });
    const structure = structureOf(labels, (label) => label > 0);
    found.push({
      name,
      dice: dice(mask, structure.inside),
      measured: measured.get(name),
      sameOverGrpc: there.equals(runLengths),
    });
  }
  return found;
}

/** Every structure whose largest part is large enough to have been measured. */
async function clickStructures(
  model: Model,
  files: { image: string; labels: string },
  measured: Readonly<Record<string, number>>,
): Promise<Found[]> {
  const volume = await readImage(files.image);
  const labels = await readLabels(files.labels);
  const found: Found[] = [];
  for (const label of new Set(Array.from(labels.values))) {
    if (label === 0) continue;
    const part = largestPart(structureOf(labels, (value) => value === label));
    if (part.voxels < SMALLEST_STRUCTURE_VOXELS) continue;
    const mask = await maskOf(model, volume, extremePointsOf(part));
    found.push({ name: `${label}`, dice: dice(mask, part.inside), measured: measured[label] });
  }
  volume.dispose();
  const missing = Object.keys(measured).filter(
    (label) => !found.some(({ name }) => name === label),
  );
  if (missing.length > 0) throw new Error(`labels that were measured and not found: ${missing}`);
  return found.toSorted((a, b) => Number(a.name) - Number(b.name));
}

async function clickColin(model: Model): Promise<Found[]> {
  const volume = await readImage(`${MRICRON}ch2.nii.gz`);
  const labels = await readLabels(`${MRICRON}aal.nii.gz`);
  const found: Found[] = [];
  for (const [label, name, measured] of [
    [37, 'left', 0.66],
    [38, 'right', 0.64],
  ] as const) {
    const part: Structure = largestPart(structureOf(labels, (value) => value === label));
    const points: readonly Vec3[] = extremePointsOf(part);
    found.push({ name, dice: dice(await maskOf(model, volume, points), part.inside), measured });
  }
  volume.dispose();
  return found;
}

function print(results: readonly Result[]): number {
  const head = [
    'model',
    'data',
    'n',
    'mean',
    'median',
    'worst',
    'largest difference',
    'allowed',
    'same over gRPC',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  let wrong = 0;
  for (const { model, data, found, within, count, meanAtLeast = 0 } of results) {
    const sorted = found.map((one) => one.dice).toSorted((a, b) => a - b);
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const middle = sorted.length / 2;
    const median =
      ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? 0)) / 2;
    const far = found.filter((one) => !(differenceOf(one) <= within));
    wrong += far.length;
    for (const one of far) {
      const measured = one.measured ?? 'not measured';
      console.log(`${model}, ${data}, ${one.name}: Dice ${one.dice.toFixed(4)}, ${measured}`);
    }
    if (found.length !== count) {
      console.log(`${model}, ${data}: ${found.length} structures instead of ${count}`);
      wrong += 1;
    }
    if (!(mean >= meanAtLeast)) {
      console.log(`${model}, ${data}: a mean Dice of ${mean.toFixed(4)}, below ${meanAtLeast}`);
      wrong += 1;
    }
    const asked = found.filter(({ sameOverGrpc }) => sameOverGrpc !== undefined);
    const other = asked.filter(({ sameOverGrpc }) => !sameOverGrpc);
    wrong += other.length;
    for (const { name } of other) console.log(`${model}, ${data}, ${name}: other bytes over gRPC`);
    const same = asked.length === 0 ? '' : `${asked.length - other.length} of ${asked.length}`;
    const largest = Math.max(...found.map(differenceOf));
    const [worst = Number.NaN] = sorted;
    const numbers = [mean, median, worst].map((value) => value.toFixed(4));
    table.push([model, data, found.length, ...numbers, largest.toFixed(5), within, same]);
  }
  console.log(table.toString());
  return wrong;
}

function differenceOf({ dice: found, measured = Number.NaN }: Found): number {
  return Math.abs(found - measured);
}

if (!existsSync(HIPPOCAMPUS)) {
  console.log(`SKIPPED: ${HIPPOCAMPUS} is not there (the data of the specification)`);
  process.exit(process.env.CI === 'true' ? 1 : 0);
}
const pool = await shippedModels();
const hippocampus = pool.get('annotation_hippocampus');
const any = pool.get('annotation_any');
const measured = anyDice();
const services = await startServices();
const data = `${HIPPOCAMPI} hippocampi`;
const results: Result[] = [
  {
    model: hippocampus.name,
    data,
    within: 0.003,
    count: HIPPOCAMPI,
    meanAtLeast: 0.914,
    found: await clickHippocampi(services, hippocampus, hippocampusDice()),
  },
];
for (const { name, image, labels } of TOTALSEG_PAIRS) {
  const path = (file: string) => `${SHARED}data/totalseg/${file}.nii.gz`;
  const files = { image: path(image), labels: path(labels) };
  const found = await clickStructures(any, files, measured[name] ?? {});
  const count = STRUCTURES[name] ?? 0;
  results.push({ model: any.name, data: name, within: 0.01, count, found });
}
const anyHippocampi = new Map(Object.entries(measured.hippocampus ?? {}));
results.push({
  model: any.name,
  data,
  within: 0.01,
  count: HIPPOCAMPI,
  found: await clickHippocampi(services, any, anyHippocampi),
});
await services.stop();
if (existsSync(`${MRICRON}ch2.nii.gz`)) {
  const found = await clickColin(hippocampus);
  const colin = 'Colin 27, AAL 37 and 38';
  results.push({ model: hippocampus.name, data: colin, within: 0.01, count: 2, found });
} else {
  console.log(`SKIPPED: ${MRICRON}ch2.nii.gz is not there (apt-get install mricron-data)`);
}
pool.dispose();
if (print(results) > 0) process.exitCode = 1;
