import type { Buffer } from 'node:buffer';
import type { Encoding } from './elements.ts';

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const DEFLATED_EXPLICIT = '1.2.840.10008.1.2.1.99';

/** Where the "DICM" of PS3.10 stands. */
const PREFIX_AT = 128;

/** Groups that a data set can begin with, when it has no meta group. */
const FIRST_GROUPS = new Set([0x0002, 0x0004, 0x0008]);

/** The two capitals of an explicit VR. */
const VR = /^[A-Z]{2}$/;

/**
 * Longer values do not stand first in a data set: group lengths and identifiers do.
 * @internal
 */
const LONGEST_FIRST_VALUE = 4096;

/** Where the first element of a DICOM file begins, or undefined when these bytes are none. */
export function startOfElements(bytes: Buffer): number | undefined {
  if (bytes.toString('latin1', PREFIX_AT, PREFIX_AT + 4) === 'DICM') return PREFIX_AT + 4;
  return guessedSyntax(bytes) === undefined ? undefined : 0;
}

/**
 * The transfer syntax of bytes that begin with an element and do not tell, from that first element;
 * undefined when it is not like one.
 */
export function guessedSyntax(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined;
  const vr = bytes.toString('latin1', 4, 6);
  if (FIRST_GROUPS.has(bytes.readUInt16LE(0))) {
    if (VR.test(vr)) return EXPLICIT_LITTLE_ENDIAN;
    const length = bytes.readUInt32LE(4);
    const isLikely = length % 2 === 0 && length <= Math.min(LONGEST_FIRST_VALUE, bytes.length);
    return isLikely && bytes.readUInt16LE(2) < 0x2000 ? IMPLICIT_LITTLE_ENDIAN : undefined;
  }
  return FIRST_GROUPS.has(bytes.readUInt16BE(0)) && VR.test(vr) ? EXPLICIT_BIG_ENDIAN : undefined;
}

/**
 * How elements are encoded, by the transfer syntax; but some writers send one and say the other, which
 * the first element tells (PS3.5 section 7.1).
 */
export function encodingOf(transferSyntaxUid: string, dataSet: Buffer): Encoding {
  if (transferSyntaxUid === EXPLICIT_BIG_ENDIAN) return { isImplicit: false, isBigEndian: true };
  const told = transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN;
  if (dataSet.length < 8) return { isImplicit: told, isBigEndian: false };
  const hasVr = VR.test(dataSet.toString('latin1', 4, 6));
  // As a length, two capitals are more than a first element has.
  const isLikelyLength = dataSet.readUInt32LE(4) <= LONGEST_FIRST_VALUE;
  return { isImplicit: hasVr ? false : told || isLikelyLength, isBigEndian: false };
}
