// The guide's training chain (6.1) on hippocampi, two items at a time, beside the same chain in numpy and
// scipy on two processes. The results are compared before a ratio is printed:
//   npm run bench -- training-chain
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statistics } from '#kernels';
import { compilePreparation, type Preparation, prepareItem, shapeOf } from '#transforms';
import { SHARED } from '../test/outside-data.ts';

const DATA = join(SHARED, 'data/hippocampus');
const CONFIG = join(SHARED, 'configs/config_train_aiaa_Task09_Spleen.json');
const ITEMS = 32;
const ROUNDS = 3;
const WORKERS = 2;
const SEED = 11;
const AIM = 10;

interface Round {
  readonly seconds: number;
  /** Of each item, the sums of image and label. */
  readonly sums: readonly (readonly [number, number])[];
}

if (!existsSync(DATA)) {
  console.log(`SKIPPED: ${DATA} is not there (the specification beside the repository)`);
  process.exit(0);
}
const { training } = JSON.parse(readFileSync(join(DATA, 'datalist.json'), 'utf8'));
const items: { image: string; label: string }[] = training
  .slice(0, ITEMS)
  .map(({ image, label }: { image: string; label: string }) => ({
    image: join(DATA, image),
    label: join(DATA, label),
  }));
const { pre_transforms: transforms } = JSON.parse(readFileSync(CONFIG, 'utf8')).train;

const preparation = prepared();
await ours(preparation);
const rounds: { ours: Round; theirs: Round }[] = [];
for (let n = 0; n < ROUNDS; n++) rounds.push({ theirs: rival(), ours: await ours(preparation) });
for (const { ours: mine, theirs } of rounds) assertSame(mine, theirs);
const ratios = rounds.map(({ ours: mine, theirs }) => theirs.seconds / mine.seconds);
const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
const rate = (of: 'ours' | 'theirs') =>
  (ITEMS / Math.min(...rounds.map((round) => round[of].seconds))).toFixed(1);
console.log(
  `training chain to 2 x 128³: ${rate('ours')} items/s, numpy and scipy ${rate('theirs')}: x${ratio.toFixed(1)} (aim ${AIM})`,
);

function prepared(): Preparation {
  const files = { image: [''], label: [''] };
  const source = { pre_transforms: transforms };
  const compiled = compilePreparation(source, { files, hasPoints: false });
  return compiled.preparation ?? assert.fail(JSON.stringify(compiled.problems));
}

/** Two items are prepared at a time, each on whatever cores are free. */
async function ours(chain: Preparation): Promise<Round> {
  const sums: [number, number][] = [];
  const start = performance.now();
  let next = 0;
  const work = async () => {
    for (let item = next++; item < items.length; item = next++) sums[item] = await one(chain, item);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return { seconds: (performance.now() - start) / 1000, sums };
}

async function one(chain: Preparation, item: number): Promise<[number, number]> {
  const { image = '', label = '' } = items[item] ?? {};
  const files = { image: [image], label: [label] };
  const sample = { seed: SEED, epoch: 0, item };
  using fields = await prepareItem(chain, { files, sample });
  const sum = async (name: string) => {
    const field = fields.array(name);
    using input = field.storage.slice(0, 0, field.channels);
    const { mean } = await statistics({ input });
    return mean * field.channels * shapeOf(field).reduce((product, extent) => product * extent, 1);
  };
  return [await sum('image'), Math.round(await sum('label'))];
}

function rival(): Round {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-'));
  try {
    const path = join(folder, 'chain.json');
    writeFileSync(path, JSON.stringify({ transforms, items, seed: SEED }));
    const script = join(import.meta.dirname, 'training-chain/rival.py');
    const ran = spawnSync('/usr/bin/python3', [script, path], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return JSON.parse(ran.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function assertSame(mine: Round, theirs: Round): void {
  for (const [item, [image, label]] of theirs.sums.entries()) {
    const [ourImage = 0, ourLabel = 0] = mine.sums[item] ?? [];
    assert.equal(ourLabel, label, `label of item ${item}`);
    assert.ok(Math.abs(ourImage - image) < 1e-4 * Math.abs(image) + 1, `image of item ${item}`);
  }
}
