import assert from 'node:assert/strict';

/** A float32 array in C order from numpy's .npy format, version 1, for tests. */
export function readFloat32Npy(file: Uint8Array): { shape: number[]; values: Float32Array } {
  const bytes = Buffer.from(file);
  assert.equal(bytes.toString('latin1', 1, 6), 'NUMPY');
  const begin = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, begin);
  assert.match(header, /'descr': '<f4', 'fortran_order': False/);
  const shape = (header.match(/'shape': \(([^)]*)\)/)?.[1] ?? '')
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  return { shape, values: new Float32Array(Uint8Array.from(bytes.subarray(begin)).buffer) };
}
