import { z } from 'zod';
import { SextantError } from '#errors';
import { move, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import { declareTransform, withTypes } from '../declaration.ts';
import { shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { filled } from '../filled.ts';
import { MOST_CHANNELS } from '../limits.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  channel_axis: z
    .literal(0, { error: '0: fields have their channels first' })
    .default(0)
    .describe('axis of the channels'),
  repeat: z.int().min(1).max(64).describe('how often each channel is there afterwards'),
});

/** Guide 10.2; as numpy.repeat: a a b b, not a b a b. */
export const npRepChannels = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.NPRepChannels',
  summary: 'Repeats each channel, as when a network of colours is given grey values.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.applied_keys, 'applied_keys', { hasChannels: true }),
  writes: (args, types) =>
    withTypes(types, namesOf(args.applied_keys), (type) => ({
      ...type,
      channels: type.channels === undefined ? undefined : type.channels * args.repeat,
    })),
  async run({ applied_keys: names, repeat }, context) {
    const { fields, signal } = context;
    for (const name of namesOf(names)) {
      const field = await settleField(name, context);
      const channels = field.channels * repeat;
      assertChannels(channels);
      const storage = await filled(
        Tensor.empty(field.storage.dtype, [channels, ...shapeOf(field)]),
        async (memory) => {
          for (let channel = 0; channel < channels; channel++) {
            using input = field.storage.select(0, Math.floor(channel / repeat));
            using output = memory.select(0, channel);
            await move({ input, output, ...(signal && { signal }) });
          }
        },
      );
      fields.set(name, { ...field, storage, channels, isShared: false });
    }
  },
});

/** A file of several frames has more channels than could be known before it was read. */
function assertChannels(channels: number): void {
  if (channels <= MOST_CHANNELS) return;
  throw new SextantError('VOLUME_TOO_LARGE', {
    subject: 'channels',
    got: String(channels),
    expected: `at most ${MOST_CHANNELS}`,
    remedy: 'repeat fewer times',
  });
}
