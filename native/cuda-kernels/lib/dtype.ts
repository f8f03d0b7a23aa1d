export type Dtype =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float32'
  | 'float64';

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** An element as JavaScript holds it: bigint for the 64-bit integers, number for all others. */
export type Element = number | bigint;

interface DtypeEntry {
  /** The position in tensor/dtype.hpp. */
  readonly code: number;
  readonly bytes: number;
  readonly array: (buffer: ArrayBuffer, byteOffset: number, length: number) => TypedArray;
}

/** The element types, in the order of tensor/dtype.hpp. */
export const DTYPES: Readonly<Record<Dtype, DtypeEntry>> = {
  uint8: { code: 0, bytes: 1, array: (b, o, n) => new Uint8Array(b, o, n) },
  int8: { code: 1, bytes: 1, array: (b, o, n) => new Int8Array(b, o, n) },
  uint16: { code: 2, bytes: 2, array: (b, o, n) => new Uint16Array(b, o, n) },
  int16: { code: 3, bytes: 2, array: (b, o, n) => new Int16Array(b, o, n) },
  uint32: { code: 4, bytes: 4, array: (b, o, n) => new Uint32Array(b, o, n) },
  int32: { code: 5, bytes: 4, array: (b, o, n) => new Int32Array(b, o, n) },
  uint64: { code: 6, bytes: 8, array: (b, o, n) => new BigUint64Array(b, o, n) },
  int64: { code: 7, bytes: 8, array: (b, o, n) => new BigInt64Array(b, o, n) },
  float32: { code: 8, bytes: 4, array: (b, o, n) => new Float32Array(b, o, n) },
  float64: { code: 9, bytes: 8, array: (b, o, n) => new Float64Array(b, o, n) },
};

export const DTYPE_NAMES = Object.keys(DTYPES) as readonly Dtype[];

export const isBigDtype = (dtype: Dtype): boolean => dtype === 'uint64' || dtype === 'int64';
