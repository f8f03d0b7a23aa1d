/** The numbers of a float32 .npy file of version 1 in C order. */
export function readNpyFloat32(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, 10 + headerBytes)).toString('latin1');
  if (!header.includes("'descr': '<f4'") || !header.includes("'fortran_order': False")) {
    throw new Error(`not a float32 array in C order: ${header}`);
  }
  return new Float32Array(bytes.slice(10 + headerBytes).buffer);
}
