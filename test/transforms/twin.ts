import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Sample } from '#transforms';

const TWIN = join(import.meta.dirname, 'twin.py');
/** The twin that also says where the voxels lie. */
export const PLACED_TWIN = join(import.meta.dirname, 'placed.py');

export interface TwinChain {
  readonly transforms: readonly unknown[];
  readonly files: Readonly<Record<string, string>>;
  readonly preloaded?: readonly string[];
  readonly sample: Sample;
  /** Default: the twin of all transforms. */
  readonly script?: string;
}

export interface TwinArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What the twin in numpy and scipy makes of a chain: every field that is left, as float32 in C order. */
export function runTwin({ sample, script = TWIN, ...chain }: TwinChain): Map<string, TwinArray> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-twin-'));
  try {
    const [input, output] = [join(folder, 'chain.json'), join(folder, 'fields.npz')];
    writeFileSync(input, JSON.stringify({ ...chain, ...sample }));
    const { status, stderr } = spawnSync('/usr/bin/python3', [script, input, output], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return arraysOf(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The arrays of an .npz: a zip of .npy files, by its central directory. */
function arraysOf(zip: Buffer): Map<string, TwinArray> {
  const arrays = new Map<string, TwinArray>();
  let at = zip.readUInt32LE(zip.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
  while (zip.toString('latin1', at, at + 4) === 'PK\x01\x02') {
    const [packed, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const stored = zip.subarray(start, start + packed);
    const bytes = zip.readUInt16LE(at + 10) === 0 ? stored : inflateRawSync(stored);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    arrays.set(name.replace(/\.npy$/, ''), arrayOf(bytes));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return arrays;
}

function arrayOf(npy: Buffer): TwinArray {
  const start = 10 + npy.readUInt16LE(8);
  const [, shape = ''] = /'shape': \(([^)]*)\)/.exec(npy.toString('latin1', 10, start)) ?? [];
  const values = new Float32Array(Uint8Array.from(npy.subarray(start)).buffer);
  return {
    shape: shape
      .split(',')
      .map(Number)
      .filter((n) => n > 0),
    values,
  };
}
