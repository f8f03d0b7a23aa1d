import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  compilePreparation,
  type Field,
  type PreparationSource,
  prepareItem,
  type Sample,
} from '#transforms';
import { needs, SHARED } from '../outside-data.ts';
import { runTwin } from './twin.ts';

export const HIPPOCAMPI = join(SHARED, 'data/hippocampus');

/** Skips a suite by name where the twin cannot run. */
export function needsTwin(context: Mocha.Context): void {
  needs(context, HIPPOCAMPI, 'the specification beside the repository');
  needs(context, '/usr/lib/python3/dist-packages/scipy', 'apt install python3-scipy');
  needs(context, '/usr/lib/python3/dist-packages/nibabel', 'apt install python3-nibabel');
}

/** Runs a chain on one hippocampus and its label, here and in the twin, and compares every field that is left. */
export async function compareWithTwin(
  source: PreparationSource,
  name: string,
  sample: Sample,
): Promise<void> {
  const files = {
    image: [join(HIPPOCAMPI, `images/hippocampus_${name}.nii.gz`)],
    label: [join(HIPPOCAMPI, `labels/hippocampus_${name}.nii.gz`)],
  };
  await compareFiles(source, files, { what: name, sample });
}

/** The same with any files. */
export async function compareFiles(
  source: PreparationSource,
  files: Readonly<Record<string, readonly string[]>>,
  { what: name, sample }: { what: string; sample: Sample },
): Promise<void> {
  const { preparation, problems } = compilePreparation(source, { files, hasPoints: false });
  assert.deepEqual(problems, []);
  assert.ok(preparation);
  using fields = await prepareItem(preparation, { files, sample });
  const { preloaded, absent } = preparation;
  const transforms = [...source.pre_transforms, ...(source.post_transforms ?? [])].filter(
    (json) => !absent.includes(Object(json).applied_key),
  );
  const paths = Object.fromEntries(Object.entries(files).map(([key, [path = '']]) => [key, path]));
  const twin = runTwin({ transforms, files: paths, preloaded, sample });
  assert.deepEqual(
    [...fields.entries()].map(([key]) => key).toSorted(),
    [...twin.keys()].toSorted(),
  );
  for (const [key, value] of fields.entries()) {
    assert.ok(value.kind === 'array');
    assertSame(`${name} epoch ${sample.epoch} ${key}`, value, twin.get(key) ?? assert.fail());
  }
}

/** Labels to the voxel; values to what float32 rounds of the brightest. */
function assertSame(
  what: string,
  { storage, channels, hasChannels, axes, isLabel }: Field,
  twin: { shape: readonly number[]; values: Float32Array },
): void {
  using used = storage.slice(0, 0, channels);
  const [, ...space] = axes === 3 ? used.shape : used.shape.slice(0, 3);
  assert.deepEqual(hasChannels ? [channels, ...space] : space, twin.shape, what);
  const ours = used.toArray();
  let largest = 0;
  for (let n = 0; n < twin.values.length; n++) {
    largest = Math.max(largest, Math.abs(Number(ours[n]) - (twin.values[n] ?? Number.NaN)));
  }
  const brightest = twin.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = isLabel ? 0 : Math.max(2e-5, 2e-6 * brightest);
  assert.ok(largest <= tolerance, `${what}: ${largest} apart`);
}
