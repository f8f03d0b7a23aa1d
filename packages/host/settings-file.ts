import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { nearest, SextantError } from '#errors';

/**
 * The keys of a `sextant.json`, each known. Comments are not JSON.
 * @throws SextantError CONFIG_INVALID: where the JSON breaks off, by line and column, or every
 *   unknown key with the nearest known one
 */
export function parseSettingsFile(
  json: string,
  { file, known }: { file: string; known: readonly string[] },
): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = [];
  const value: unknown = parse(json, errors, { disallowComments: true });
  const [error] = errors;
  if (error !== undefined) throw notJson(file, placeOf(json, error.offset), error);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SextantError('CONFIG_INVALID', {
      subject: file,
      got: 'another JSON value',
      expected: EXPECTED,
    });
  }
  const keys = value as Record<string, unknown>;
  const unknown = Object.keys(keys).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw unknownKeys(file, unknown, known);
  return keys;
}

const EXPECTED = 'a JSON object with a key for each setting';

/** `3:14`, both counted from 1, as editors do. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

function notJson(file: string, place: string, { error }: ParseError): SextantError {
  const words = printParseErrorCode(error).replace(/\B[A-Z]/g, ' $&');
  return new SextantError('CONFIG_INVALID', {
    subject: `${file}:${place}`,
    got: `"${words.toLowerCase()}"`,
    expected: EXPECTED,
  });
}

function unknownKeys(
  file: string,
  keys: readonly string[],
  known: readonly string[],
): SextantError {
  const near = keys.flatMap((key) => nearest(key, known) ?? []);
  return new SextantError('CONFIG_INVALID', {
    subject: `${file}: ${keys.join(', ')}`,
    got: keys.length === 1 ? 'an unknown name' : `${keys.length} unknown names`,
    expected: 'known keys',
    ...(near.length === 0 ? {} : { remedy: `did you mean ${near.join(', ')}?` }),
  });
}
