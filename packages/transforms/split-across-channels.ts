import { z } from 'zod';
import { declareTransform } from './declaration.ts';
import type { FieldType } from './field.ts';

const schema = z.strictObject({
  applied_key: z.string().min(1),
  channel_names: z.array(z.string().min(1)).min(1).optional(),
  squeeze: z.boolean().default(false),
});

/** Guide 10.2: new fields are `applied_key` + channel number, unless `channel_names` names them. */
export const splitAcrossChannels = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.SplitAcrossChannels',
  summary: 'Makes a field of each channel of `applied_key`; with `squeeze` without channel axis.',
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => [{ field: args.applied_key, argument: ['applied_key'], rank: 4 }],
  writes(args, types) {
    const channels = types.get(args.applied_key)?.channels;
    const named = args.channel_names?.length;
    if (named !== undefined && channels !== undefined && named !== channels) {
      return {
        path: ['channel_names'],
        got: `${named} names`,
        expected: `${channels}, one for each channel of "${args.applied_key}"`,
      };
    }
    const split: FieldType = { rank: args.squeeze ? 3 : 4, channels: 1 };
    const names = namesOfChannels(args, named ?? channels ?? 0);
    return new Map([...types, ...names.map((name) => [name, split] as const)]);
  },
  async run(args, { fields }) {
    const field = fields.get(args.applied_key);
    if (field === undefined) return;
    for (const [index, name] of namesOfChannels(args, field.channels).entries()) {
      const storage = field.storage.slice(0, index, index + 1);
      fields.set(name, { storage, channels: 1, rank: args.squeeze ? 3 : 4 });
    }
  },
});

function namesOfChannels(args: z.infer<typeof schema>, count: number): readonly string[] {
  const { applied_key: key, channel_names: names } = args;
  return names ?? Array.from({ length: count }, (_, index) => `${key}${index}`);
}
