// Operations of the addon beside PyTorch (two threads, no gradients), outputs checked: at 128³ and at a size of CT.
// What is compared with ITK is in kernels.bench.ts, with scipy in each operation's own bench.
import {
  argmax,
  gaussian,
  move,
  percentiles,
  pointwise,
  resample,
  softmax,
  statistics,
  Tensor,
  warp,
} from '#kernels';
import { againstScipy, type Duel } from '../native/cuda-kernels/test/scipy-rival.ts';

type Shape = readonly [number, number, number];

const SHAPES: readonly Shape[] = [
  [128, 128, 128],
  [512, 512, 150],
];

const TORCH = `
import torch
torch.set_num_threads(2)
torch.set_grad_enabled(False)
`;

/** Values that no two neighbours share, between -10 and 10. */
function filled(shape: readonly number[], dtype: 'float32' | 'int16' = 'float32'): Tensor {
  const tensor = Tensor.empty(dtype, shape);
  const { buffer } = tensor.bytes();
  const values = dtype === 'int16' ? new Int16Array(buffer) : new Float32Array(buffer);
  for (let n = 0; n < values.length; n++) {
    const value = ((n * 7919) % 2003) / 100 - 10;
    values[n] = dtype === 'int16' ? Math.round(100 * value) : value;
  }
  return tensor;
}

type Row = Pick<Duel, 'what' | 'ours' | 'theirs' | 'tolerance'> &
  Partial<Pick<Duel, 'setup' | 'pairs'>>;

/** The rival's function runs once before it is timed: PyTorch finds its threads and its kernels then. */
async function row(input: Tensor, output: Tensor, { what, setup = '', theirs, ...more }: Row) {
  const shape = `[${input.shape.join(', ')}]`;
  await againstScipy({
    ...more,
    what: `${what}, ${shape}`,
    rival: 'torch',
    inputs: { input },
    output,
    setup: `${TORCH}t = torch.from_numpy(input)\n${setup}\ndef rival():\n    return ${theirs}\nrival()`,
    theirs: 'out = rival()',
  });
}

async function moves(shape: Shape): Promise<void> {
  const [x, y, z] = shape;
  using input = filled(shape);
  using same = Tensor.empty('float32', shape);
  using flipped = input.flip([0, 2]);
  await row(input, same, {
    what: 'flipped along two axes',
    ours: () => move({ input: flipped, output: same }),
    theirs: 'torch.flip(t, [0, 2])',
    tolerance: 0,
  });
  using turned = Tensor.empty('float32', [z, y, x]);
  using permuted = input.permute([2, 1, 0]);
  await row(input, turned, {
    what: 'F to C order',
    ours: () => move({ input: permuted, output: turned }),
    theirs: 't.permute(2, 1, 0).contiguous()',
    tolerance: 0,
  });
  using rounded = Tensor.empty('int16', shape);
  await row(input, rounded, {
    what: 'rounded to int16',
    ours: () => move({ input, output: rounded }),
    theirs: 'torch.round(t).clamp(-32768, 32767).to(torch.int16)',
    tolerance: 0,
  });
  await row(input, same, {
    what: 'scaled',
    ours: () => pointwise({ input, output: same, map: { kind: 'scale', factor: 2, offset: 1 } }),
    theirs: 't * 2 + 1',
    tolerance: 1e-6,
  });
}

async function reductions(shape: Shape): Promise<void> {
  using input = filled(shape);
  using moments = Tensor.empty('float32', [4]);
  await row(input, moments, {
    what: 'mean, deviation, extremes',
    ours: async () => {
      const { mean, std, min, max } = await statistics({ input });
      new Float32Array(moments.bytes().buffer).set([mean, std, min, max]);
    },
    theirs: 'torch.stack([*torch.std_mean(t, unbiased=False)[::-1], *torch.aminmax(t)])',
    tolerance: 1e-4,
  });
}

async function channels([x, y, z]: Shape): Promise<void> {
  using input = filled([4, x, y, z]);
  using likely = Tensor.empty('float32', input.shape);
  await row(input, likely, {
    what: 'softmax',
    ours: () => softmax({ input, output: likely }),
    theirs: 'torch.softmax(t, 0)',
    tolerance: 1e-6,
  });
  using labels = Tensor.empty('uint8', [x, y, z]);
  await row(input, labels, {
    what: 'argmax',
    ours: () => argmax({ input, output: labels }),
    theirs: 'torch.argmax(t, 0).to(torch.uint8)',
    tolerance: 0,
  });
}

/** To another size over the same field, as interpolate() without align_corners has it. */
async function sizes([x, y, z]: Shape): Promise<void> {
  using input = filled([x, y, z]);
  for (const [what, size] of [
    ['to half its size', [x / 2, y / 2, z / 2]],
    ['to 1.5 times its size', [1.5 * x, 1.5 * y, 1.5 * z]],
  ] as const) {
    using output = Tensor.empty('float32', size);
    const axis = (n: number, from: number, to: number) =>
      [0, 1, 2].map((other) => (other === n ? from / to : 0));
    const map = [x, y, z].flatMap((from, n) => {
      const to = size[n] ?? 1;
      return [...axis(n, from, to), from / to / 2 - 0.5];
    });
    await row(input, output, {
      what: `resampled ${what}`,
      ours: () => resample({ input, output, outputToInput: map }),
      theirs: `torch.nn.functional.interpolate(t[None, None], size=(${size.join(', ')}), mode='trilinear', align_corners=False)[0, 0]`,
      // Its positions are float32.
      tolerance: 1e-3,
    });
  }
}

/** Small displacements, as an elastic deformation has them; the rival is given its grid. */
async function displacements([x, y, z]: Shape): Promise<void> {
  using input = filled([x, y, z]);
  using output = Tensor.empty('float32', [x, y, z]);
  using displacement = Tensor.empty('float32', [3, x, y, z]);
  const moved = new Float32Array(displacement.bytes().buffer);
  const count = x * y * z;
  for (let n = 0; n < moved.length; n++) {
    moved[n] = 1.5 * Math.sin((n % count) / 50 + Math.floor(n / count));
  }
  await row(input, output, {
    what: 'dense displacements',
    ours: () => warp({ input, output, displacement, border: 'nearest' }),
    setup: `
n = np.arange(${count}, dtype=np.float64)
d = [(1.5 * np.sin(n / 50 + c)).astype(np.float32).reshape(${x}, ${y}, ${z}) for c in range(3)]
at = np.meshgrid(*[np.arange(m, dtype=np.float32) for m in (${x}, ${y}, ${z})], indexing='ij')
grid = np.stack([2 * (a + b) / (m - 1) - 1 for a, b, m in zip(at, d, (${x}, ${y}, ${z}))][::-1], -1)
grid = torch.from_numpy(grid.astype(np.float32))[None]`,
    theirs: `torch.nn.functional.grid_sample(t[None, None], grid, padding_mode='border', align_corners=True)[0, 0]`,
    tolerance: 2e-2,
  });
}

async function smoothing(shape: Shape): Promise<void> {
  using input = filled(shape);
  using output = Tensor.empty('float32', shape);
  await row(input, output, {
    what: 'gaussian, sigma 2',
    ours: () => gaussian({ input, output, sigma: [2, 2, 2], border: 'nearest' }),
    setup: `
weights = np.exp(-0.5 * np.arange(-8, 9) ** 2 / 4.0)
weights = torch.from_numpy((weights / weights.sum()).astype(np.float32))
shapes = [(1, 1, 17, 1, 1), (1, 1, 1, 17, 1), (1, 1, 1, 1, 17)]
pads = [(0, 0, 0, 0, 8, 8), (0, 0, 8, 8, 0, 0), (8, 8, 0, 0, 0, 0)]
def smoothed(volume):
    for shape, pad in zip(shapes, pads):
        volume = torch.nn.functional.conv3d(torch.nn.functional.pad(volume, pad, 'replicate'), weights.view(shape))
    return volume[0, 0]`,
    theirs: 'smoothed(t[None, None])',
    tolerance: 1e-3,
  });
}

async function ranks(): Promise<void> {
  using input = filled([1_000_001]);
  using output = Tensor.empty('float32', [2]);
  await row(input, output, {
    what: 'two percentiles',
    ours: async () => {
      const found = await percentiles({ input, percents: [5, 95] });
      new Float32Array(output.bytes().buffer).set(found);
    },
    theirs: 'torch.quantile(t, torch.tensor([0.05, 0.95]))',
    tolerance: 1e-4,
  });
}

for (const shape of SHAPES) {
  await moves(shape);
  await reductions(shape);
  await channels(shape);
  await sizes(shape);
  await displacements(shape);
  await smoothing(shape);
}
await ranks();
