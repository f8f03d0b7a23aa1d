import type { Attributes } from './attributes.ts';

const OF_IMAGE_TYPE: Readonly<Record<string, string>> = {
  M: 'MAGNITUDE',
  MAGNITUDE: 'MAGNITUDE',
  M_FFE: 'MAGNITUDE',
  M_SE: 'MAGNITUDE',
  M_IR: 'MAGNITUDE',
  P: 'PHASE',
  PHASE: 'PHASE',
  'PHASE MAP': 'PHASE',
  PHASE_MAP: 'PHASE',
  PHASE_FFE: 'PHASE',
  VELOCITY: 'PHASE',
  R: 'REAL',
  REAL: 'REAL',
  R_FFE: 'REAL',
  I: 'IMAGINARY',
  IMAGINARY: 'IMAGINARY',
  I_FFE: 'IMAGINARY',
  'FIELD MAP': 'FIELD_MAP',
  FIELD_MAP: 'FIELD_MAP',
  B0: 'FIELD_MAP',
};

/** Which part of a complex signal an MR image is: ComplexImageComponent, else what its type says. */
export function componentOf(
  attributes: Attributes,
  imageType: readonly string[],
): string | undefined {
  const told = attributes.string('x00089208');
  if (told !== undefined && told !== 'MIXED') return told;
  // The first two values say original or derived, primary or secondary.
  for (const part of imageType.slice(2)) {
    const component = OF_IMAGE_TYPE[part];
    if (component !== undefined) return component;
  }
  return undefined;
}
