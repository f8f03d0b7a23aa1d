import { CHANNEL_SKETCHES, type ChannelSketch, channelCase } from '../../test/channel-cases.ts';
import type { ParityCases } from '../../test/parity.ts';
import { softmax } from './index.ts';
import { softmaxReference } from './reference.ts';

const OPERATION = {
  draw: (chance: number) => 20 * chance - 10,
  keepsChannels: true,
  run: softmax,
  reference: softmaxReference,
  // float32 throughout, where the reference has float64; the variants give the same bits (native.test.cpp).
  tolerance: 1e-6,
};

const sketches: readonly ChannelSketch[] = [
  ...CHANNEL_SKETCHES,
  { name: 'far apart', shape: [3, 3, 4, 33], values: (n) => ((n * 7919) % 401) - 200 },
];

export const cases: ParityCases = sketches.map((sketch) => channelCase(sketch, OPERATION));
