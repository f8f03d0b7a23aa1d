import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzOptions } from './fuzz.ts';

interface Described {
  readonly file: string;
  readonly transferSyntax: string | null;
  readonly shape?: readonly number[] | null;
  readonly pixelDtype?: string | null;
  readonly dtype?: string | null;
}

/**
 * Every DICOM file of the data folder, the size of each image as its index has it, and one file of
 * every transfer syntax.
 */
export function fuzzCorpus(data: string): Pick<FuzzOptions, 'corpus' | 'honestBytes' | 'warmUp'> {
  const corpus = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(json|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const described = [
    ...indexOf(data, 'files.json', 'files'),
    ...indexOf(data, 'pairs.json', 'pairs'),
  ];
  const honestBytes: Record<string, number> = {};
  const warmUp = new Map<string, string>();
  for (const { file, transferSyntax, shape, pixelDtype, dtype } of described) {
    const path = join(data, file);
    const type = pixelDtype ?? dtype;
    if (shape == null || type == null) continue;
    honestBytes[path] = shape.reduce((a, b) => a * b, 1) * bytesOf(type);
    if (transferSyntax != null) warmUp.set(transferSyntax, path);
  }
  return { corpus, honestBytes, warmUp: [...warmUp.values()] };
}

function indexOf(data: string, name: string, key: string): Described[] {
  return JSON.parse(readFileSync(join(data, name), 'utf8'))[key];
}

/** Of one sample: int16, >i2, float32, u1, … */
function bytesOf(dtype: string): number {
  const digits = Number(/\d+$/.exec(dtype)?.[0] ?? 8);
  return digits > 8 || dtype.endsWith('int8') ? digits / 8 : digits;
}
