import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { fieldOf } from '../field.ts';
import { Fields } from '../fields.ts';
import { type ChainSource, compileChain } from './compile-chain.ts';
import { runChain } from './run-chain.ts';

const SHAPE: Vec3 = [2, 2, 2];
const VALUES = [0, 2, 4, 6, 0, 8, 10, 12];
const TO_4D = { name: 'transforms.VolumeTo4dArray', fields: 'image' };

/** What the chain makes of `VALUES`, channel after channel. */
async function resultOf(transforms: readonly unknown[], points: readonly Vec3[] = []) {
  const source: ChainSource = {
    input_nodes: { image: 'in' },
    output_nodes: { model: 'out' },
    pre_transforms: [TO_4D, ...transforms],
    post_transforms: [],
    writers: [{ name: 'writers.WriteNiftyResults', applied_key: 'model' }],
  };
  const { chain, problems } = compileChain(source);
  assert.deepEqual(problems, []);
  assert.ok(chain);
  const storage = Tensor.empty('float32', [chain.channels, ...SHAPE]);
  storage.bytes().set(new Uint8Array(Float32Array.from(VALUES).buffer));
  const image = fieldOf(storage, { channels: 1, hasChannels: false });
  using fields = new Fields([['image', image]]);
  await runChain(chain.pre, { fields, points });
  // The network's input is filled in place.
  assert.equal(fields.array('image').storage, storage);
  return Array.from(storage.toArray(), Number);
}

function assertNear(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, index) => {
    const wanted = expected[index] ?? Number.NaN;
    assert.ok(Math.abs(value - wanted) < 1e-5, `[${index}]: ${value}, expected ${wanted}`);
  });
}

describe('transforms on voxels', () => {
  it('NormalizeNonzeroIntensities leaves zeros and centres the rest', async () => {
    // 2 4 6 8 10 12: mean 7, population deviation sqrt(35 / 3)
    const std = Math.sqrt(35 / 3);
    const expected = VALUES.map((value) => (value === 0 ? 0 : (value - 7) / std));
    const transform = { name: 'transforms.NormalizeNonzeroIntensities', fields: ['image'] };
    assertNear(await resultOf([transform]), expected);
  });

  it('NormalizeIntensity counts every voxel, or with nonzero those that are not 0', async () => {
    const mean = 42 / 8;
    const std = Math.sqrt(VALUES.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8);
    const transform = { name: 'transforms.NormalizeIntensity', fields: 'image' };
    assertNear(
      await resultOf([transform]),
      VALUES.map((value) => (value - mean) / std),
    );
    const nonzero = await resultOf([{ ...transform, nonzero: true }]);
    assertNear(
      nonzero,
      VALUES.map((value) => (value === 0 ? 0 : (value - 7) / Math.sqrt(35 / 3))),
    );
  });

  it('ScaleIntensityRange maps a to b, and clips on demand', async () => {
    const range = { name: 'transforms.ScaleIntensityRange', field: 'image' };
    const ends = { a_min: 2, a_max: 10, b_min: -1, b_max: 1 };
    const linear = VALUES.map((value) => (value - 2) / 4 - 1);
    assertNear(await resultOf([{ ...range, ...ends }]), linear);
    assertNear(
      await resultOf([{ ...range, ...ends, clip: true }]),
      linear.map((value) => Math.min(1, Math.max(-1, value))),
    );
  });

  it('CenterData takes its own mean and deviation, or those given', async () => {
    const center = { name: 'transforms.CenterData', applied_keys: 'image' };
    const given = await resultOf([{ ...center, subtrahend: 2, divisor: 4 }]);
    assertNear(
      given,
      VALUES.map((value) => (value - 2) / 4),
    );
    const mean = 42 / 8;
    const std = Math.sqrt(VALUES.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8);
    assertNear(
      await resultOf([{ ...center, subtrahend: null }]),
      VALUES.map((value) => (value - mean) / std),
    );
  });

  it('ClipIntensityPercentiles interpolates between order statistics, as numpy does', async () => {
    // Sorted 0 0 2 4 6 8 10 12: the 20th percentile lies at 0.2 * 7 = 1.4, the 90th at 6.3.
    const clip = { name: 'transforms.ClipIntensityPercentiles', fields: 'image' };
    const found = await resultOf([{ ...clip, lower: 20, upper: 90 }]);
    assertNear(
      found,
      VALUES.map((value) => Math.min(10.6, Math.max(0.8, value))),
    );
  });

  it('AddExtremePointsChannel fills the next channel and leaves the first', async () => {
    const points: Vec3[] = [
      [0, 0, 0],
      [1, 1, 1],
    ];
    const transform = {
      name: 'transforms.AddExtremePointsChannel',
      image_field: 'image',
      label_field: 'label',
      sigma: 3,
    };
    const found = await resultOf([transform], points);
    const squaredDistances = [0, 1, 1, 1, 1, 1, 1, 0];
    assertNear(found.slice(0, 8), VALUES);
    assertNear(
      found.slice(8),
      squaredDistances.map((squared) => Math.exp(-squared / 18)),
    );
  });

  it('an intensity transform behind it sees both channels', async () => {
    const points: Vec3[] = [[0, 0, 0]];
    const extreme = {
      name: 'transforms.AddExtremePointsChannel',
      image_field: 'image',
      label_field: 'label',
      sigma: 3,
    };
    const range = { name: 'transforms.ScaleIntensityRange', field: 'image' };
    const double = { ...range, a_min: 0, a_max: 1, b_min: 0, b_max: 2 };
    const found = await resultOf([extreme, double], points);
    assertNear([found[1] ?? 0, found[8] ?? 0], [4, 2]);
  });

  it('stops between transforms when cancelled', async () => {
    const signal = AbortSignal.abort();
    const step = { name: 'x', run: () => assert.fail('ran') };
    await assert.rejects(runChain([step], { fields: new Fields(), signal }), {
      reason: 'CANCELLED',
    });
  });
});
