import { readFile } from 'node:fs/promises';
import { errnoWords, nearest, SextantError } from '#errors';
import type { Space, Vec3 } from '#geometry';

/** Points as the user gave them, not yet held against an image. */
export interface GivenPoints {
  readonly points: readonly Vec3[];
  readonly space: Space;
}

const SPACES: readonly string[] = ['index', 'ras', 'lps'] satisfies Space[];
const KEYS = ['points', 'space'];
const FILE_FORM = '{"points": [[x, y, z], ...], "space": "ras"} or [[x, y, z], ...]';
/** What --points takes. */
export const POINTS_FORM = `"x,y,z x,y,z ...", or a JSON file of ${FILE_FORM}`;
const NUMBER = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf|infinity)$/i;

/**
 * Reads `"x,y,z x,y,z ..."`, or the JSON file of that name: `[[x, y, z], ...]` or
 * `{"points": [...], "space": "ras"}`. The space comes from the file or from `flagSpace`.
 *
 * @throws SextantError POINTS_UNREADABLE, SPACE_UNSPECIFIED, FILE_UNREADABLE, ARGUMENT_INVALID when
 *   flag and file differ
 */
export async function readPoints(
  given: string,
  flagSpace: Space | undefined,
): Promise<GivenPoints> {
  const isFile = looksLikeFile(given.trim());
  const { points, space } = isFile ? await fromFile(given.trim()) : { points: fromText(given) };
  if (flagSpace !== undefined && space !== undefined && flagSpace !== space) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: '--space',
      got: `${flagSpace}, and "space": "${space}" in ${given}`,
      expected: 'one space',
      remedy: 'leave --space out, or correct the file',
    });
  }
  const known = flagSpace ?? space;
  if (known !== undefined) return { points, space: known };
  throw new SextantError('SPACE_UNSPECIFIED', {
    subject: '--space',
    got: 'points without a space',
    expected: 'index, ras or lps',
    remedy: isFile ? 'give --space, or "space" in the file' : 'give --space',
  });
}

function looksLikeFile(given: string): boolean {
  return /\.(json|txt)$/i.test(given) || (given.includes('/') && !given.includes(','));
}

function fromText(text: string): Vec3[] {
  return text
    .trim()
    .split(/[\s;]+/)
    .map((word, at) => pointOf(word.split(','), `points[${at}]`, `"${word}"`));
}

/** NaN and infinity are read as what they are: geometry has the words to refuse them with. */
function pointOf(parts: readonly string[], subject: string, got: string): Vec3 {
  const numbers = parts.map(numberOf);
  const [x, y, z] = numbers;
  if (numbers.length === 3 && x !== undefined && y !== undefined && z !== undefined) {
    return [x, y, z];
  }
  throw unreadable(
    subject,
    got.slice(0, 80),
    'three numbers, x,y,z',
    undefined,
    `--points is ${POINTS_FORM}`,
  );
}

function numberOf(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const [, sign = '', word = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  if (/^nan$/i.test(word)) return Number.NaN;
  if (/^inf/i.test(word)) return sign === '-' ? -Infinity : Infinity;
  return Number(text);
}

async function fromFile(path: string): Promise<{ points: Vec3[]; space?: Space }> {
  const value = parse(await readText(path), path);
  if (Array.isArray(value)) return { points: fromList(value, path) };
  if (typeof value !== 'object' || value === null) {
    throw unreadable(path, shown(value), FILE_FORM);
  }
  refuseUnknownKeys(value, path);
  if (!('points' in value)) throw unreadable(path, 'no "points"', FILE_FORM);
  const points = fromList(value.points, path);
  if (!('space' in value)) return { points };
  const space = typeof value.space === 'string' ? value.space.toLowerCase() : undefined;
  if (space !== undefined && SPACES.includes(space)) return { points, space: space as Space };
  throw unreadable(`${path}: space`, shown(value.space), SPACES.join(', '));
}

function refuseUnknownKeys(value: object, path: string): void {
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown === undefined) return;
  const near = nearest(unknown, KEYS);
  throw new SextantError('POINTS_UNREADABLE', {
    subject: path,
    got: `an unknown key, ${shown(unknown)}`,
    expected: FILE_FORM,
    ...(near === undefined ? {} : { remedy: `did you mean "${near}"?` }),
  });
}

function fromList(list: unknown, path: string): Vec3[] {
  if (!Array.isArray(list)) throw unreadable(`${path}: points`, shown(list), 'a list of points');
  return list.map((point: unknown, at): Vec3 => {
    const isPoint =
      Array.isArray(point) && point.length === 3 && point.every((n) => typeof n === 'number');
    if (isPoint) return point as unknown as Vec3;
    throw unreadable(`${path}: points[${at}]`, shown(point), 'three numbers, [x, y, z]');
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SextantError('FILE_UNREADABLE', {
      subject: path,
      got: isMissing ? 'no such file' : errnoWords(cause),
      expected: `a file of points, ${FILE_FORM}`,
      cause,
    });
  }
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : 'no JSON', FILE_FORM, cause);
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

function unreadable(
  subject: string,
  got: string,
  expected: string,
  cause?: unknown,
  remedy?: string,
): SextantError {
  const told = remedy === undefined ? {} : { remedy };
  return new SextantError('POINTS_UNREADABLE', { subject, got, expected, ...told, cause });
}
