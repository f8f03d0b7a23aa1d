import type { Vec3 } from '#geometry';
import type { RunContext } from '../declaration.ts';
import { fieldOf, type Value } from '../field.ts';
import { Fields } from '../fields.ts';
import { isLabelName } from '../load/label-name.ts';
import { readVolume } from '../load/read-volume.ts';
import type { Sample } from '../random-draws.ts';
import { tell } from '../tell.ts';
import type { Step } from './chain.ts';
import type { Preparation } from './compile-preparation.ts';
import { runChain } from './run-chain.ts';

/** One item of a data list. */
export interface Item {
  /** Files of each field; several are its channels. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** Extreme points that stand for a label: indices of the image as its file has it. */
  readonly points?: readonly Vec3[] | undefined;
  /** What random transforms draw for. Default: item 0 of epoch 0 under seed 0. */
  readonly sample?: Sample | undefined;
}

export interface PrepareOptions extends Pick<RunContext, 'signal' | 'onWarning'> {
  /** Hears which step begins, and its number. */
  readonly onStep?: ((step: Step, index: number) => void) | undefined;
}

/**
 * Runs a checked chain on one item: its files are read, and every step done.
 *
 * @returns all fields that are left; the caller disposes them
 * @throws SextantError as `readVolume`, LABEL_EMPTY, CANCELLED
 * @example
 * using fields = await prepareItem(preparation, { files: { image: ['a.nii.gz'] }, sample });
 * fields.array('image').storage; // [2, 128, 128, 128]
 */
export async function prepareItem(
  preparation: Preparation,
  { files, points, sample }: Item,
  { signal, onStep, onWarning }: PrepareOptions = {},
): Promise<Fields> {
  const { steps, preloaded, capacity, fuse } = preparation;
  const fields = new Fields();
  try {
    for (const [name, paths] of Object.entries(files)) {
      const isRead = preloaded.includes(name);
      fields.set(
        name,
        isRead ? await volume(name, paths, { signal, onWarning }) : { kind: 'file', paths },
      );
    }
    await runChain(steps, { fields, points, capacity, fuse, sample, signal, onWarning }, onStep);
    return fields;
  } catch (error) {
    fields[Symbol.dispose]();
    throw error;
  }
}

/** What a server would start from: the image as a 3D array. */
async function volume(
  name: string,
  [path = '']: readonly string[],
  { signal, onWarning }: PrepareOptions,
): Promise<Value> {
  const { storage, place, warnings } = await readVolume(path, signal);
  tell(name, warnings, { onWarning });
  return fieldOf(storage, { place, hasChannels: false, isLabel: isLabelName(name) });
}
