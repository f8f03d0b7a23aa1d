import { SextantError } from '#errors';
import type { JsonPath } from './config-problem.ts';
import type { Fault, FieldTypes } from './declaration.ts';
import { type Field, typeText } from './field.ts';

/** What needs the way back to the file, and cannot have it. */
interface Wanted {
  readonly field: string;
  readonly remedy: string;
}

const EXPECTED = 'one that affine maps alone have moved';

/**
 * Throws where no affine map leads from a field back to its file.
 * @throws SextantError CONFIG_INVALID
 */
export function assertWayBack({ place }: Pick<Field, 'place'>, { field, remedy }: Wanted): void {
  if (!place?.isDeformed) return;
  const got = 'a field that was deformed';
  throw new SextantError('CONFIG_INVALID', { subject: field, got, expected: EXPECTED, remedy });
}

/** The same before anything runs: whether a transform in front of this one may deform the field. */
export function faultOfNoWayBack(
  types: FieldTypes,
  { field, remedy, argument }: Wanted & { argument: JsonPath },
): Fault | undefined {
  const type = types.get(field);
  if (type?.kind !== 'array' || type.deformedBy === undefined) return undefined;
  return {
    path: argument,
    got: `"${field}", ${typeText(type)} that ${type.deformedBy} deformed`,
    expected: EXPECTED,
    remedy,
  };
}
