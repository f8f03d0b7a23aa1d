import { deflateBomb } from '../testing/deflated-file.ts';
import type { Numbers } from './numbers.ts';

export interface Mutant {
  readonly bytes: Uint8Array;
  /** What was done, for a report. */
  readonly how: string;
}

/** Values that break arithmetic on lengths, put in the place of fields. */
const EDGES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7ffe, 0x8000, 0xfffe, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe,
  0xffffffff,
];

/** Deeper than any honest file, and than a parser that calls itself can go. */
const DEEPEST_NESTING = 20_000;

/** What a bomb inflates to at most: a thousand times its own size. */
const BOMB_MIB = 2000;

type Mutation = (bytes: Uint8Array, numbers: Numbers, other: Uint8Array) => Uint8Array;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bits flipped': (bytes, numbers) => flipped(bytes, numbers, bytes.length),
  'bits flipped in the header': (bytes, numbers) =>
    flipped(bytes, numbers, Math.min(bytes.length, 3000)),
  cut: (bytes, numbers) => bytes.slice(0, numbers.below(bytes.length + 1)),
  'edge values': edged,
  'lengths swapped': swappedLengths,
  'sequences nested': nested,
  'a stretch repeated': (bytes, numbers) => {
    const [from, to] = stretch(bytes, numbers);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  'a stretch left out': (bytes, numbers) => {
    const [from, to] = stretch(bytes, numbers);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  'a bomb': (_, numbers) => deflateBomb(1 + numbers.below(BOMB_MIB)),
  'the end of another file': (bytes, numbers, other) =>
    Buffer.concat([
      bytes.subarray(0, numbers.below(bytes.length + 1)),
      other.subarray(numbers.below(other.length + 1)),
    ]),
};

/** One of the mutations of a file; the same numbers make the same one. */
export function mutate(bytes: Uint8Array, numbers: Numbers, other: Uint8Array): Mutant {
  const how = numbers.pick(Object.keys(MUTATIONS));
  return { bytes: (MUTATIONS[how] as Mutation)(bytes, numbers, other), how };
}

function flipped(bytes: Uint8Array, numbers: Numbers, within: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (let count = 1 + numbers.below(16); count > 0; count--) {
    const at = numbers.below(within);
    changed[at] = (changed[at] ?? 0) ^ (1 << numbers.below(8));
  }
  return changed;
}

/** Two or four bytes at an even place, most often of the header, become an edge value. */
function edged(bytes: Uint8Array, numbers: Numbers): Uint8Array {
  const changed = Buffer.from(bytes);
  const within = numbers.below(4) === 0 ? bytes.length : Math.min(bytes.length, 4000);
  if (within < 8) return changed;
  for (let count = 1 + numbers.below(4); count > 0; count--) {
    const at = numbers.below(within - 4) & ~1;
    const edge = numbers.pick(EDGES);
    if (numbers.below(2) === 0) changed.writeUInt16LE(edge & 0xffff, at);
    else changed.writeUInt32LE(edge, at);
  }
  return changed;
}

/** Two explicit VR elements have each other's length. */
function swappedLengths(bytes: Uint8Array, numbers: Numbers): Uint8Array {
  const changed = Buffer.from(bytes);
  const places = lengthPlaces(changed);
  if (places.length < 2) return edged(bytes, numbers);
  const [a, b] = [numbers.pick(places), numbers.pick(places)];
  const [lengthA, lengthB] = [changed.readUInt16LE(a), changed.readUInt16LE(b)];
  changed.writeUInt16LE(lengthB, a);
  changed.writeUInt16LE(lengthA, b);
  return changed;
}

/** Places that look like the length of a short explicit element: two capitals before it. */
function lengthPlaces(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = 132; at + 8 <= Math.min(bytes.length, 16_000); at += 2) {
    if (isCapital(bytes[at + 4]) && isCapital(bytes[at + 5])) places.push(at + 6);
  }
  return places;
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

/** Sequences within sequences, most of them without an end, after the meta group or at any place. */
function nested(bytes: Uint8Array, numbers: Numbers): Uint8Array {
  const depth = 1 + numbers.below(DEEPEST_NESTING);
  const item = Buffer.from('fefF00e0ffffffff', 'hex');
  const sequence = numbers.below(2)
    ? Buffer.from('0800151153510000ffffffff', 'hex')
    : Buffer.from('08001511ffffffff', 'hex');
  const layer = Buffer.concat([sequence, item]);
  const layers = Buffer.alloc(layer.length * depth, layer);
  const at = numbers.below(Math.min(bytes.length, 2000) + 1) & ~1;
  return Buffer.concat([bytes.subarray(0, at), layers, bytes.subarray(at)]);
}

function stretch(bytes: Uint8Array, numbers: Numbers): [from: number, to: number] {
  const from = numbers.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + numbers.below(2000))];
}
