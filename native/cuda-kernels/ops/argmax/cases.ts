import { CHANNEL_SKETCHES, type ChannelSketch, channelCase } from '../../test/channel-cases.ts';
import type { ParityCases } from '../../test/parity.ts';
import { argmax } from './index.ts';
import { argmaxReference } from './reference.ts';

const OPERATION = {
  draw: (chance: number) => chance,
  keepsChannels: false,
  run: argmax,
  reference: argmaxReference,
};

const sketches: readonly ChannelSketch[] = [
  ...CHANNEL_SKETCHES,
  {
    name: 'the 256th wins',
    shape: [256, 1, 2, 3],
    values: (n) => (Math.floor(n / 6) === 255 ? 1 : 0),
  },
  { name: 'few values, many equals', shape: [5, 3, 4, 33], values: (n) => (n * 7919) % 3 },
];

export const cases: ParityCases = sketches.map((sketch) => channelCase(sketch, OPERATION));
