import type { Attributes } from './attributes.ts';

/**
 * The tag of a private element, whose block its creator reserves (PS3.5 section 7.8.1): undefined unless
 * the creator is there.
 */
export function privateTag(
  attributes: Attributes,
  group: string,
  creator: string,
  element: number,
): string | undefined {
  for (let block = 0x10; block <= 0xff; block++) {
    const reservation = `x${group}00${block.toString(16)}`;
    if (!attributes.has(reservation)) continue;
    if (attributes.string(reservation)?.toUpperCase() !== creator.toUpperCase()) continue;
    const tag = `x${group}${block.toString(16)}${element.toString(16).padStart(2, '0')}`;
    return attributes.has(tag) ? tag : undefined;
  }
  return undefined;
}
