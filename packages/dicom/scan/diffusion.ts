import type { Vec3 } from '#geometry';
import type { Attributes } from './attributes.ts';

export interface Diffusion {
  readonly bValue: number;
  readonly bDirectionLps?: Vec3 | undefined;
}

/** GE adds this to b-values in part of its releases. */
const GE_OFFSET = 1e9;

/** The diffusion weighting of a frame: the standard's attributes, else the vendors'. */
export function diffusionOf(place: Attributes): Diffusion | undefined {
  const bValue =
    standardB(place) ?? siemensB(place) ?? geB(place) ?? philipsB(place) ?? uihB(place);
  if (bValue === undefined || bValue < 0) return undefined;
  return { bValue, bDirectionLps: directionOf(place) };
}

/** DiffusionBValue (PS3.3 C.8.13.5.9). */
function standardB(place: Attributes): number | undefined {
  return place.double('x00189087');
}

function siemensB(place: Attributes): number | undefined {
  const tag = place.privateTag('0019', 'SIEMENS MR HEADER', 0x0c);
  return tag === undefined ? undefined : place.decimal(tag);
}

function geB(place: Attributes): number | undefined {
  const tag = place.privateTag('0043', 'GEMS_PARM_01', 0x39);
  const value = tag === undefined ? undefined : place.decimals(tag)?.[0];
  return value === undefined ? undefined : value % GE_OFFSET;
}

function philipsB(place: Attributes): number | undefined {
  const tag = place.privateTag('2001', 'Philips Imaging DD 001', 0x03);
  return tag === undefined ? undefined : place.floats(tag, 'FL')?.[0];
}

function uihB(place: Attributes): number | undefined {
  const tag = place.privateTag('0065', 'Image Private Header', 0x09);
  return tag === undefined ? undefined : place.double(tag);
}

function directionOf(place: Attributes): Vec3 | undefined {
  const standard = place.floats('x00189089', 'FD') ?? gradientItem(place);
  const siemens = place.privateTag('0019', 'SIEMENS MR HEADER', 0x0e);
  const uih = place.privateTag('0065', 'Image Private Header', 0x37);
  const numbers =
    standard ??
    (siemens === undefined ? undefined : place.floats(siemens, 'FD')) ??
    (uih === undefined ? undefined : place.floats(uih, 'FD'));
  const [x, y, z] = numbers ?? [];
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}

function gradientItem(place: Attributes): number[] | undefined {
  return place.item('x00189076')?.floats('x00189089', 'FD');
}
