import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import { openEngine, Tensor, tensorBytes } from '#kernels';
import { loadModelPool, type Model, type ModelPool } from '#models';
import { encodeModel, type Node } from '../../native/cuda-kernels/test/test-models.ts';
import {
  MODEL_JSON,
  ONE_MODEL,
  type PoolFolder,
  poolFolder,
} from '../models/testing/pool-folder.ts';
import { type AnnotateOptions, annotate } from './annotate.ts';
import type { Stage } from './annotation.ts';
import { click as wholeClick } from './click.ts';
import { encodeRunLengths } from './encode.ts';
import { type PreparedVolume, prepareVolume } from './prepare-volume.ts';

const SHAPE: Vec3 = [9, 10, 11];
/** On the faces of a box from (3, 3, 3) to (6, 6, 6), inside the volume. */
const POINTS: readonly Vec3[] = [
  [3, 4, 4],
  [6, 4, 4],
  [4, 3, 4],
  [4, 6, 4],
  [4, 4, 3],
  [4, 4, 6],
];

/** `slope` from (3, 3, 3) to (6, 6, 6), and in a voxel that touches that cube with a corner; else 0. */
async function brightCube(slope = 1): Promise<PreparedVolume> {
  const [nx, ny, nz] = SHAPE;
  const voxels = Tensor.empty('uint8', SHAPE, { order: 'F' });
  const bytes = voxels.bytes();
  const inside = (at: number) => at >= 3 && at <= 6;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const bright = inside(i) && inside(j) && inside(k);
        bytes[i + nx * (j + ny * k)] = bright || (i === 2 && j === 2 && k === 2) ? 1 : 0;
      }
    }
  }
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return prepareVolume({
    grid: { shape: SHAPE, affine },
    dtype: 'uint8',
    voxels,
    scale: { slope, intercept: 0 },
    frames: 1,
    warnings: [],
    dispose: () => voxels.dispose(),
  });
}

describe('annotate', () => {
  let folder: PoolFolder;
  let pool: ModelPool;
  let volume: PreparedVolume;
  beforeEach(async () => {
    folder = await poolFolder();
    volume = await brightCube();
  });
  afterEach(async () => {
    pool?.dispose();
    volume.dispose();
    await folder.remove();
  });

  /** A model of an 8x8x8 grid and a margin of 2 mm, so that a grid voxel is a voxel of the box. */
  async function model({
    chain = {},
    channels = 2,
    labels = ['cube'],
    nodes = [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }] as readonly Node[],
  } = {}): Promise<Model> {
    const shape = ['n', channels, 8, 8, 8];
    const graph = encodeModel({
      inputs: [{ name: 'in', shape }],
      outputs: [{ name: 'out', shape }],
      nodes,
    });
    const [entry] = JSON.parse(ONE_MODEL) as [object];
    const json = { ...JSON.parse(MODEL_JSON), roi: [8, 8, 8], ...chain };
    await folder.write('engine_pool.json', JSON.stringify([{ ...entry, labels }]));
    await folder.write('spleen.json', JSON.stringify(json));
    await folder.write('model.onnx', graph);
    pool = await loadModelPool(folder.pool, { engine: openEngine() });
    return pool.get('spleen');
  }

  /** The network hands the image on as "background", so this answers with the image itself. */
  const IMAGE_ITSELF = {
    writers: [{ name: 'writers.WriteNiftyResults', applied_key: 'background' }],
  };

  const click = async (options: Partial<AnnotateOptions> & { model: Model }) =>
    annotate({ volume, points: POINTS, space: 'index', ...options });

  it('gives the largest component, on the voxels of the file', async () => {
    const annotation = await click({ model: await model({ chain: IMAGE_ITSELF }) });
    assert.deepEqual(annotation.box, { low: [1, 1, 1], high: [9, 9, 9] });
    assert.deepEqual(annotation.labels, ['cube']);
    assert.equal(annotation.voxels, 64);
    assert.deepEqual(annotation.warnings, []);
    const mask = await encodeRunLengths(annotation);
    const pairs = new Uint32Array(mask.buffer, mask.byteOffset, mask.byteLength / 4);
    const lengths = [...pairs].filter((_, at) => at % 2 === 1);
    assert.equal(
      lengths.reduce((sum, length) => sum + length),
      9 * 10 * 11,
    );
    // x fastest: background up to (3, 3, 3), then rows of four.
    assert.deepEqual([...pairs.slice(0, 4)], [0, 3 + 9 * (3 + 10 * 3), 1, 4]);
    annotation.dispose();
  });

  it('runs the stages in order, tells each as it begins, and times them', async () => {
    const told: Stage[] = [];
    const onStage = (stage: Stage) => told.push(stage);
    const annotation = await click({ model: await model({ chain: IMAGE_ITSELF }), onStage });
    const stages = ['queue', 'resample', 'transform', 'infer', 'restore'];
    assert.deepEqual(told, stages);
    assert.deepEqual(
      annotation.stageTimes.map(({ stage }) => stage),
      stages,
    );
    assert.ok(annotation.stageTimes.every(({ ms }) => ms >= 0));
    annotation.dispose();
  });

  it('is decoded, annotated and encoded in one call, which gives the volume back', async () => {
    const told: Stage[] = [];
    let held = 0;
    const lend = async () => {
      held += 1;
      const giveBack = () => {
        held -= 1;
      };
      return { volume, [Symbol.dispose]: giveBack };
    };
    const spleen = await model({ chain: IMAGE_ITSELF });
    const question = { model: spleen, decode: lend, points: POINTS, space: 'index' } as const;
    const onStage = (stage: Stage) => {
      told.push(stage);
      assert.equal(held, stage === 'decode' ? 0 : 1, stage);
    };
    const clicked = await wholeClick({ ...question, encode: encodeRunLengths, onStage });
    const annotation = await click({ model: spleen });
    assert.deepEqual(clicked.mask, await encodeRunLengths(annotation));
    annotation.dispose();
    assert.equal(clicked.voxels, 64);
    assert.deepEqual(told, [
      'decode',
      'queue',
      'resample',
      'transform',
      'infer',
      'restore',
      'encode',
    ]);
    assert.deepEqual(
      clicked.stageTimes.map(({ stage }) => stage),
      told,
    );
    const encode = () => Promise.reject(new Error('no room'));
    await assert.rejects(wholeClick({ ...question, encode }), /no room/);
    assert.equal(held, 0);
  });

  it('counts a probability at the threshold as foreground, in rescaled values', async () => {
    const half = await brightCube(0.5);
    for (const [thresh, voxels] of [
      [0.5, 64],
      [0.51, 0],
    ] as const) {
      const spleen = await model({ chain: { ...IMAGE_ITSELF, thresh } });
      const annotation = await click({ model: spleen, volume: half });
      assert.equal(annotation.voxels, voxels, `thresh ${thresh}`);
      annotation.dispose();
      pool.dispose();
    }
    half.dispose();
  });

  it('seeks the largest component in the connectivity of the model', async () => {
    for (const [connectivity, voxels] of [
      [6, 64],
      [18, 64],
      [26, 65],
    ] as const) {
      const spleen = await model({ chain: { ...IMAGE_ITSELF, connectivity } });
      const annotation = await click({ model: spleen });
      assert.equal(annotation.voxels, voxels, `connectivity ${connectivity}`);
      annotation.dispose();
      pool.dispose();
    }
  });

  it('takes the second channel of two that are not split', async () => {
    const writers = [{ name: 'writers.WriteNiftyResults', applied_key: 'model' }];
    const annotation = await click({ model: await model({ chain: { writers, thresh: 1 } }) });
    // The points' channel reaches 1 at the points alone, which touch nowhere.
    assert.equal(annotation.voxels, 1);
    annotation.dispose();
  });

  it('answers with argmax and a component for each label of several channels', async () => {
    const { pre_transforms } = JSON.parse(MODEL_JSON) as { pre_transforms: object[] };
    const [to4d, points] = pre_transforms;
    const range = { name: 'transforms.ScaleIntensityRange', field: 'image', a_min: 0, a_max: 1 };
    const annotation = await click({
      model: await model({
        channels: 3,
        labels: ['first', 'second'],
        chain: {
          // A background of 0.6 everywhere. The second, wider points are above it around the
          // points; the first equal them at the points alone, and the first of equals wins.
          pre_transforms: [
            to4d,
            { ...range, b_min: 0.6, b_max: 0.6 },
            { ...points, sigma: 1 },
            { ...points, sigma: 3 },
          ],
          post_transforms: [],
          writers: [{ name: 'writers.WriteNiftyResults', applied_key: 'model' }],
        },
      }),
    });
    const mask = Array.from(annotation.boxMask.toArray(), Number);
    const count = (label: number) => mask.filter((value) => value === label).length;
    // Of the six separate points the largest component is one voxel.
    assert.equal(count(1), 1);
    assert.ok(count(2) > 100);
    assert.equal(annotation.voxels, count(1) + count(2));
    annotation.dispose();
  });

  it('warns of an empty mask instead of failing', async () => {
    const chain = { ...IMAGE_ITSELF, thresh: 1 };
    const range = { name: 'transforms.ScaleIntensityRange', field: 'image', a_min: 0, a_max: 1 };
    const to4d = { name: 'transforms.VolumeTo4dArray', fields: 'image' };
    const points = {
      name: 'transforms.AddExtremePointsChannel',
      image_field: 'image',
      label_field: 'label',
      sigma: 3,
    };
    const pre_transforms = [to4d, { ...range, b_min: 0, b_max: 0.5 }, points];
    const annotation = await click({ model: await model({ chain: { ...chain, pre_transforms } }) });
    assert.equal(annotation.voxels, 0);
    assert.deepEqual(
      annotation.warnings.map(({ reason }) => reason),
      ['MASK_EMPTY'],
    );
    const pairs = await encodeRunLengths(annotation);
    assert.deepEqual([...new Uint32Array(pairs.buffer, pairs.byteOffset, 2)], [0, 990]);
    annotation.dispose();
  });

  it('takes more points, in any order, and a point twice', async () => {
    const spleen = await model({ chain: IMAGE_ITSELF });
    const more = [...POINTS, [5, 5, 5] as Vec3, POINTS[0] ?? [0, 0, 0]].reverse();
    const annotation = await click({ model: spleen, points: more });
    assert.equal(annotation.voxels, 64);
    annotation.dispose();
  });

  it('refuses points that make no box', async () => {
    const spleen = await model();
    const same = POINTS.map((): Vec3 => [4, 4, 4]);
    const far = [...POINTS.slice(1), [9, 4, 4] as Vec3];
    const nan = [...POINTS.slice(1), [Number.NaN, 4, 4] as Vec3];
    await assert.rejects(click({ model: spleen, points: same }), { reason: 'POINTS_COINCIDE' });
    await assert.rejects(click({ model: spleen, points: far }), {
      reason: 'POINT_OUTSIDE',
      subject: 'points[5]',
    });
    await assert.rejects(click({ model: spleen, points: nan }), { reason: 'POINT_NOT_FINITE' });
    await assert.rejects(click({ model: spleen, points: POINTS.slice(1) }), {
      reason: 'POINTS_TOO_FEW',
    });
  });

  it('stops when cancelled: before, while it waits, and at any stage', async () => {
    const spleen = await model({ chain: IMAGE_ITSELF });
    const rejects = (signal: AbortSignal, onStage?: (stage: Stage) => void) =>
      assert.rejects(click({ model: spleen, signal, onStage }), { reason: 'CANCELLED' });
    await rejects(AbortSignal.abort());
    for (const last of ['queue', 'resample', 'transform', 'infer', 'restore'] as const) {
      const controller = new AbortController();
      await rejects(controller.signal, (stage) => stage === last && controller.abort());
    }
    const turn = await spleen.turns.take();
    const waiting = new AbortController();
    const rejected = rejects(waiting.signal);
    setImmediate(() => waiting.abort());
    await rejected;
    turn.leave();
    // The model is free again after each of them.
    const annotation = await click({ model: spleen });
    annotation.dispose();
  });

  it('ends at once when cancelled, and keeps turn and volume until the computation has ended', async () => {
    // Some milliseconds of products, so that the signal fires in their midst.
    const products = Array.from({ length: 2000 }, (_, n): Node => {
      const output = n === 1999 ? 'out' : `y${n + 1}`;
      return { type: 'MatMul', inputs: [`y${n}`, 'y0'], outputs: [output] };
    });
    const nodes: Node[] = [{ type: 'Softmax', inputs: ['in'], outputs: ['y0'] }, ...products];
    const spleen = await model({ chain: IMAGE_ITSELF, nodes });
    let held = 0;
    const decode = async () => {
      held += 1;
      const giveBack = () => {
        held -= 1;
      };
      return { volume, [Symbol.dispose]: giveBack };
    };
    const controller = new AbortController();
    const { signal } = controller;
    const bytes = tensorBytes();
    const question = { model: spleen, decode, points: POINTS, space: 'index', signal } as const;
    let computing: number | undefined;
    const clicked = wholeClick({
      ...question,
      encode: encodeRunLengths,
      onStage(stage) {
        if (stage !== 'infer') return;
        // The network is started after this, and runs when the signal fires.
        setImmediate(() => {
          computing = tensorBytes();
          controller.abort();
        });
      },
    });
    await assert.rejects(clicked, { reason: 'CANCELLED' });
    assert.ok((computing ?? 0) > bytes, 'its tensors were there');
    assert.deepEqual([spleen.turns.running, held], [true, 1]);
    while (held > 0) await new Promise(setImmediate);
    assert.deepEqual([spleen.turns.running, tensorBytes()], [false, bytes]);
  });

  it('serves clicks on one model one after the other, all right', async () => {
    const spleen = await model({ chain: IMAGE_ITSELF });
    const annotations = await Promise.all([1, 2, 3, 4].map(() => click({ model: spleen })));
    for (const annotation of annotations) {
      assert.equal(annotation.voxels, 64);
      annotation.dispose();
    }
  });

  it('runs a network of a fixed batch with one image of it', async () => {
    const { pre_transforms } = JSON.parse(MODEL_JSON) as { pre_transforms: unknown[] };
    const graph = encodeModel({
      inputs: [{ name: 'in', shape: [3, 2, 8, 8, 8] }],
      outputs: [{ name: 'out', shape: [3, 2, 8, 8, 8] }],
      nodes: [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }],
    });
    const json = { ...JSON.parse(MODEL_JSON), roi: [8, 8, 8], pre_transforms, batch_size: 3 };
    await folder.write('engine_pool.json', ONE_MODEL);
    await folder.write('spleen.json', JSON.stringify({ ...json, ...IMAGE_ITSELF }));
    await folder.write('model.onnx', graph);
    pool = await loadModelPool(folder.pool, { engine: openEngine() });
    const annotation = await click({ model: pool.get('spleen') });
    assert.equal(annotation.voxels, 64);
    annotation.dispose();
  });

  it('resamples to a spacing where the model has one', async () => {
    const shape = ['n', 2, 'x', 'y', 'z'];
    const graph = encodeModel({
      inputs: [{ name: 'in', shape }],
      outputs: [{ name: 'out', shape }],
      nodes: [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }],
    });
    const { roi: _, ...json } = JSON.parse(MODEL_JSON) as Record<string, unknown>;
    const spacing = [0.5, 0.5, 0.5];
    await folder.write('engine_pool.json', ONE_MODEL);
    await folder.write('spleen.json', JSON.stringify({ ...json, spacing, ...IMAGE_ITSELF }));
    await folder.write('model.onnx', graph);
    pool = await loadModelPool(folder.pool, { engine: openEngine() });
    const annotation = await click({ model: pool.get('spleen') });
    // 8 mm of box at 0.5 mm are 16 voxels: the cube comes through on its own voxels.
    assert.equal(annotation.voxels, 64);
    annotation.dispose();
  });
});
