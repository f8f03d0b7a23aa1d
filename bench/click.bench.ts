// A click on a resident volume, in one process, beside its network alone: what everything but the
// network costs. The box is made large on purpose; the network's grid is 48 x 48 x 48 whatever it is.
import { annotate, encodeRunLengths, prepareVolume } from '#annotation';
import { type Grid, identityAffine, type Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { type Model, networkTensors } from '#models';
import { comparePairs } from '../native/cuda-kernels/test/pairs.ts';
import { shippedModels } from '../packages/annotation/testing/shipped-models.ts';

const SHAPE: Vec3 = [512, 512, 300];
/** A box of a good million voxels and one of thirteen. */
const HALF_EXTENTS: readonly Vec3[] = [
  [50, 50, 50],
  [120, 120, 110],
];

/** An ellipsoid of tissue in air, with noise of a seeded generator. */
function phantom(): Tensor {
  const voxels = Tensor.empty('int16', SHAPE, { order: 'F' });
  const bytes = voxels.bytes();
  const values = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const [nx, ny, nz] = SHAPE;
  let state = 1;
  for (let n = 0; n < values.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = (n % nx) / nx - 0.5;
    const y = (Math.floor(n / nx) % ny) / ny - 0.5;
    const z = Math.floor(n / (nx * ny)) / nz - 0.5;
    values[n] = (x * x + y * y + z * z < 0.04 ? 60 : -900) + (state >>> 26);
  }
  return voxels;
}

function pointsAround([x, y, z]: Vec3): Vec3[] {
  const [i, j, k] = [256, 256, 150];
  const alongX: Vec3[] = [
    [i - x, j, k],
    [i + x, j, k],
  ];
  const alongY: Vec3[] = [
    [i, j - y, k],
    [i, j + y, k],
  ];
  return [...alongX, ...alongY, [i, j, k - z], [i, j, k + z]];
}

async function networkAlone(model: Model): Promise<() => Promise<undefined>> {
  const { inputs, outputs } = networkTensors(model, [48, 48, 48]);
  return async () => {
    await model.network.run({ inputs, outputs });
    return undefined;
  };
}

const grid: Grid = { shape: SHAPE, affine: identityAffine };
const voxels = phantom();
const volume = await prepareVolume({
  grid,
  dtype: 'int16',
  voxels,
  scale: { slope: 1, intercept: 0 },
  frames: 1,
  warnings: [],
  dispose: () => voxels.dispose(),
});
const pool = await shippedModels();
console.log(`${SHAPE.join(' x ')} int16, resident; median of paired runs`);
for (const { name } of pool.list().map(({ description }) => description)) {
  const model = pool.get(name);
  const network = await networkAlone(model);
  for (const half of HALF_EXTENTS) {
    let boxVoxels = 0;
    const click = async () => {
      const options = { model, volume, points: pointsAround(half), space: 'index' } as const;
      const annotation = await annotate(options);
      await encodeRunLengths(annotation);
      boxVoxels = annotation.boxMask.shape.reduce((product, extent) => product * extent, 1);
      annotation.dispose();
      return undefined;
    };
    const { oursMs, rivalMs, ratio } = await comparePairs(
      { name: 'click', run: click },
      { name: 'network', run: network },
    );
    const box = `${(boxVoxels / 1e6).toFixed(1)} million voxels`;
    console.log(
      `${name.padEnd(24)} box of ${box.padEnd(20)} click ${oursMs.toFixed(0)} ms, ` +
        `network alone ${rivalMs.toFixed(0)} ms: ${(1 / ratio).toFixed(2)}x`,
    );
  }
}
pool.dispose();
volume.dispose();
