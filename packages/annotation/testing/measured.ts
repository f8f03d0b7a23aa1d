import { readFileSync } from 'node:fs';
import type { Vec3 } from '#geometry';
import { SHARED } from '../../../test/outside-data.ts';

export const HIPPOCAMPUS = `${SHARED}data/hippocampus/`;

export const hippocampusImage = (name: string) => `${HIPPOCAMPUS}images/${name}.nii.gz`;
export const hippocampusLabels = (name: string) => `${HIPPOCAMPUS}labels/${name}.nii.gz`;

/** Six points of each of the 208 images, in voxel index. */
export function hippocampusPoints(): ReadonlyMap<string, readonly Vec3[]> {
  return new Map(
    Object.entries(json(`${HIPPOCAMPUS}points.json`) as Record<string, readonly Vec3[]>),
  );
}

/** Dice of each image as measured in PyTorch, with the model that was trained on them. */
export function hippocampusDice(): ReadonlyMap<string, number> {
  const { rows } = json(`${SHARED}models/hippocampus-starter/expected-dice.json`) as {
    rows: Record<string, readonly [dice: number, voxels: number]>;
  };
  return new Map(Object.entries(rows).map(([name, [dice]]) => [name, dice]));
}

/** Dice of annotation_any: pair of files, or "hippocampus" -> label or image name -> Dice. */
export function anyDice(): Record<string, Record<string, number>> {
  return json(`${SHARED}models/any-starter/expected-dice.json`) as Record<
    string,
    Record<string, number>
  >;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
