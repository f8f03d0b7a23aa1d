import type { Fault, FieldTypes, FieldUse } from '../declaration.ts';

/** What is wrong where a transform that reads one file for each field is given several. */
export function severalFiles(uses: readonly FieldUse[], types: FieldTypes): Fault | undefined {
  for (const { field, argument } of uses) {
    const type = types.get(field);
    const count = type?.kind === 'file' ? (type.channels ?? 1) : 1;
    if (count === 1) continue;
    return {
      path: argument,
      got: `${count} files of "${field}"`,
      expected: 'one file',
      remedy: 'load it with transforms.LoadNifty, whose fields have a channel of each file',
    };
  }
  return undefined;
}
