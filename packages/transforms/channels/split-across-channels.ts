import { z } from 'zod';
import { SextantError } from '#errors';
import { declareTransform } from '../declaration.ts';
import { areDistinct } from '../distinct.ts';
import type { FieldType } from '../field.ts';
import { fieldName } from '../field-names.ts';

const schema = z.strictObject({
  applied_key: fieldName.describe('the field to split'),
  channel_names: z
    .array(fieldName)
    .min(1)
    .refine(areDistinct, { error: 'a name of its own for each channel' })
    .optional()
    .describe('names of the new fields; without them `applied_key` + channel number'),
  squeeze: z.boolean().default(false).describe('leave the new fields without a channel axis'),
});

/** Guide 10.2: new fields are `applied_key` + channel number, unless `channel_names` names them. */
export const splitAcrossChannels = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.SplitAcrossChannels',
  summary: 'Makes a field of each channel of `applied_key`; with `squeeze` without channel axis.',
  schema,
  kind: 'fields',
  reads: (args) => [
    { field: args.applied_key, argument: ['applied_key'], wants: { hasChannels: true } },
  ],
  writes(args, types) {
    const type = types.get(args.applied_key);
    if (type?.kind !== 'array') return types;
    const { channels } = type;
    const named = args.channel_names?.length;
    if (named !== undefined && channels !== undefined && named !== channels) {
      return {
        path: ['channel_names'],
        got: `${named} names`,
        expected: `${channels}, one for each channel of "${args.applied_key}"`,
      };
    }
    const split: FieldType = { ...type, hasChannels: !args.squeeze, channels: 1 };
    const names = namesOfChannels(args, named ?? channels ?? 0);
    return new Map([...types, ...names.map((name) => [name, split] as const)]);
  },
  async run(args, { fields }) {
    const field = { ...fields.array(args.applied_key), isShared: true };
    assertNamed(args, field.channels);
    fields.set(args.applied_key, field);
    // All parts first: the last of them may take the name of the field that they are of.
    const parts = namesOfChannels(args, field.channels).map((name, index) => {
      const storage = field.storage.slice(0, index, index + 1);
      return [name, { ...field, storage, channels: 1, hasChannels: !args.squeeze }] as const;
    });
    for (const [name, part] of parts) fields.set(name, part);
  },
});

/** A file of several frames has more channels than could be known before it was read. */
function assertNamed(args: z.infer<typeof schema>, channels: number): void {
  const names = args.channel_names;
  if (names === undefined || names.length === channels) return;
  throw new SextantError('CONFIG_INVALID', {
    subject: 'channel_names',
    got: `${names.length} names`,
    expected: `${channels}, one for each channel of "${args.applied_key}"`,
  });
}

function namesOfChannels(args: z.infer<typeof schema>, count: number): readonly string[] {
  const { applied_key: key, channel_names: names } = args;
  return names ?? Array.from({ length: count }, (_, index) => `${key}${index}`);
}
