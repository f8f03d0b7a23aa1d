import { constants, deflateRawSync } from 'node:zlib';
import { dicomFile } from './dicom-file.ts';

const DEFLATED = '1.2.840.10008.1.2.1.99';
const MIB = 2 ** 20;

/** A deflated file (PS3.5 annex A.5) of the same elements as an explicit little endian one. */
export function deflatedFile(plain: Uint8Array, behind: Uint8Array = new Uint8Array()): Buffer {
  return withMeta(deflateRawSync(Buffer.concat([dataSetOf(plain), behind])));
}

/** One that inflates to `mib` MiB of zeros before its samples, which its one value says that it has. */
export function deflateBomb(mib: number): Buffer {
  // (0009,1010) OB, private.
  const value = Buffer.from('09001010 4f420000 000000f0'.replaceAll(' ', ''), 'hex');
  // Blocks that end on whole bytes, and know nothing of those before them, can be repeated.
  const whole = { finishFlush: constants.Z_FULL_FLUSH, level: 9 };
  const zeros = deflateRawSync(Buffer.alloc(MIB), whole);
  return withMeta(
    Buffer.concat([deflateRawSync(value, whole), Buffer.alloc(zeros.length * mib, zeros)]),
  );
}

function dataSetOf(plain: Uint8Array): Uint8Array {
  return plain.subarray(dicomFile([]).length);
}

function withMeta(deflated: Uint8Array): Buffer {
  return Buffer.concat([dicomFile([], { transferSyntaxUid: DEFLATED }), deflated]);
}
