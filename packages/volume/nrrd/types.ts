import { SextantError } from '#errors';
import type { Dtype } from '#kernels';

/** Every name that the format has for a type. */
const NAMES: readonly (readonly [Dtype, number, readonly string[]])[] = [
  ['int8', 1, ['signed char', 'int8', 'int8_t']],
  ['uint8', 1, ['uchar', 'unsigned char', 'uint8', 'uint8_t']],
  ['int16', 2, ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t']],
  ['uint16', 2, ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t']],
  ['int32', 4, ['int', 'signed int', 'int32', 'int32_t']],
  ['uint32', 4, ['uint', 'unsigned int', 'uint32', 'uint32_t']],
  [
    'int64',
    8,
    [
      'longlong',
      'long long',
      'long long int',
      'signed long long',
      'signed long long int',
      'int64',
      'int64_t',
    ],
  ],
  [
    'uint64',
    8,
    ['ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
  ],
  ['float32', 4, ['float']],
  ['float64', 8, ['double']],
];

/** @throws SextantError VOLUME_TYPE_UNSUPPORTED */
export function nrrdType(name: string): { component: Dtype; width: number } {
  const wanted = name.toLowerCase();
  const found = NAMES.find(([, , names]) => names.includes(wanted));
  if (found !== undefined) return { component: found[0], width: found[1] };
  throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: 'NRRD header: type',
    got: JSON.stringify(name.slice(0, 100)),
    expected: 'a whole or real number of up to 8 bytes',
    remedy: 'convert the image to one of them',
  });
}

/** The format's own name, as 3D Slicer writes it. */
export function nrrdName(dtype: Dtype): string {
  const found = NAMES.find(([known]) => known === dtype);
  const [, , names = []] = found ?? [];
  return names.find((name) => name === dtype) ?? names[0] ?? dtype;
}
