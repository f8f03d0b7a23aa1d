import type { Vec3 } from '#geometry';
import type { Mosaic } from '../instance.ts';
import { MOST_TILES } from '../limits.ts';
import type { Attributes } from './attributes.ts';
import { readCsa } from './csa.ts';

/** A plane of tiles, or undefined when the image is a plain one. */
export function mosaicOf(attributes: Attributes): Mosaic | undefined {
  return siemensMosaic(attributes) ?? uihMosaic(attributes);
}

/** Siemens names it in the image type and tells the rest in its CSA image header. */
function siemensMosaic(attributes: Attributes): Mosaic | undefined {
  if (!attributes.strings('x00080008').includes('MOSAIC')) return undefined;
  const tag = attributes.privateTag('0029', 'SIEMENS CSA HEADER', 0x10);
  const csa = tag === undefined ? undefined : readCsa(attributes.bytes(tag));
  const countTag = attributes.privateTag('0019', 'SIEMENS MR HEADER', 0x0a);
  const tiles =
    csa?.get('NumberOfImagesInMosaic')?.[0] ??
    (countTag === undefined ? undefined : attributes.uint16(countTag));
  if (!isTileCount(tiles)) return undefined;
  const normal = csa?.get('SliceNormalVector');
  return {
    vendor: 'SIEMENS',
    tiles,
    tilesPerRow: Math.ceil(Math.sqrt(tiles)),
    spacingMm: positive(csa?.get('SpacingBetweenSlices')?.[0]),
    normalLps: normal?.length === 3 ? (normal as unknown as Vec3) : undefined,
  };
}

/** United Imaging's VFRAME: a sequence with one item for each tile. */
function uihMosaic(attributes: Attributes): Mosaic | undefined {
  const sequence = attributes.privateTag('0065', 'Image Private Header', 0x51);
  const count = attributes.privateTag('0065', 'Image Private Header', 0x50);
  if (sequence === undefined) return undefined;
  const items = attributes.items(sequence);
  const tiles = (count === undefined ? undefined : attributes.integer(count)) ?? items.length;
  if (!isTileCount(tiles)) return undefined;
  const positions = items.map((item) => item.vector('x00200032'));
  const known = positions.filter((position) => position !== undefined);
  return {
    vendor: 'UIH',
    tiles,
    tilesPerRow: Math.ceil(Math.sqrt(tiles)),
    positionsLpsMm: known.length === tiles ? known : undefined,
  };
}

function positive(number: number | undefined): number | undefined {
  return number !== undefined && number > 0 ? number : undefined;
}

function isTileCount(tiles: number | undefined): tiles is number {
  return tiles !== undefined && Number.isInteger(tiles) && tiles > 1 && tiles <= MOST_TILES;
}
