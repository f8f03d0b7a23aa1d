import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { statistics } from '../statistics/index.ts';
import { type PointwiseMap, pointwise } from './index.ts';

describe('pointwise', () => {
  // Hounsfield units and square metres a second, in which diffusion is measured.
  for (const unit of [1, 1e-11])
    it(`standardises as numpy does in float64, within one float32 ulp, in units of ${unit}`, async function () {
      const chance = random(9);
      const values = Float32Array.from({ length: 110_592 }, (_, n) =>
        n % 4 === 0 ? 0 : unit * (400 + 90 * (chance() - chance())),
      );
      const program = `
x = np.frombuffer(data, np.float32).astype(np.float64)
kept = x[x != 0]
y = np.where(x != 0, (x - kept.mean()) / kept.std(), 0).astype(np.float32)
print(json.dumps(y.tolist()))`;
      const expected = askNumpy(this, program, new Uint8Array(values.buffer)) as number[];
      using image = Tensor.fromArray('float32', [48, 48, 48], values);
      const { mean, std } = await statistics({ input: image, skipZeros: true });
      const map = { kind: 'standardise', mean, std, keepZeros: true } as const;
      await pointwise({ input: image, output: image, map });
      image.toArray().forEach((value, n) => {
        const wanted = expected[n] ?? Number.NaN;
        const ulp = 2 ** (Math.floor(Math.log2(Math.abs(wanted) || 1e-30)) - 23);
        assert.ok(Math.abs(Number(value) - wanted) <= ulp, `[${n}]: ${value}, numpy ${wanted}`);
      });
    });

  it('only takes the mean away of what does not deviate from it', async () => {
    using image = Tensor.fromArray('float32', [70_000], new Float32Array(70_000).fill(0.1));
    const { mean, std } = await statistics({ input: image });
    await pointwise({ input: image, output: image, map: { kind: 'standardise', mean, std } });
    assert.ok(Array.from(image.toArray(), Number).every((value) => value === 0));
  });

  it('takes what prints as the threshold for at least it, and NaN for less', async () => {
    using input = Tensor.fromArray('float32', [4], [0.7, 0.69999, 0.70001, Number.NaN]);
    using output = Tensor.empty('uint8', [4]);
    await pointwise({ input, output, map: { kind: 'threshold', atLeast: 0.7 } });
    assert.deepEqual([...output.toArray()], [1, 0, 1, 0]);
  });

  const clip: PointwiseMap = { kind: 'clip', low: 0, high: 1 };
  const floats = Tensor.empty('float32', [4, 4]);
  const wrong: [string, Tensor, PointwiseMap, string][] = [
    ['another dtype of the output', Tensor.empty('float64', [4, 4]), clip, 'output'],
    ['a mask as float32', floats, { kind: 'threshold', atLeast: 1 }, 'output'],
    ['another shape', Tensor.empty('float32', [4, 5]), clip, 'output'],
    ['another number of axes', Tensor.empty('float32', [4, 4, 1]), clip, 'output'],
    ['its own transpose as output', floats.permute([1, 0]), clip, 'output'],
    ['its own flip as output', floats.flip([0]), clip, 'output'],
    ['an empty range', floats, { kind: 'clip', low: 1, high: 0 }, 'map'],
    ['a bound that is NaN', floats, { kind: 'clip', low: Number.NaN, high: 0 }, 'map'],
    ['an infinite factor', floats, { kind: 'scale', factor: Infinity, offset: 0 }, 'map.factor'],
    ['a negative std', floats, { kind: 'standardise', mean: 0, std: -1 }, 'map.std'],
    ['a NaN mean', floats, { kind: 'standardise', mean: Number.NaN, std: 1 }, 'map.mean'],
    ['infinities for finite', floats, { kind: 'finite', low: 0, high: Infinity }, 'map.high'],
    ['an exponent of 0', floats, { kind: 'gamma', exponent: 0, low: 0, high: 1 }, 'map.exponent'],
    ['a table that is too short', floats, { kind: 'lookup', table: [1] }, 'map.table'],
    ['an unknown map', floats, { kind: 'sine' } as unknown as PointwiseMap, 'map.kind'],
  ];
  for (const [what, output, map, subject] of wrong) {
    it(`refuses ${what}`, async () => {
      const refused = pointwise({ input: floats, output, map });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    });
  }

  it('stops when it is cancelled, and refuses a disposed tensor', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(pointwise({ input: floats, output: floats, map: clip, signal }), {
      reason: 'CANCELLED',
    });
    const gone = Tensor.empty('float32', [4, 4]);
    gone.dispose();
    await assert.rejects(pointwise({ input: gone, output: floats, map: clip }), {
      reason: 'TENSOR_DISPOSED',
    });
  });
});
