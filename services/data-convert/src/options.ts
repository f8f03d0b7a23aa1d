import {
  type ConversionOptions,
  type OutputFormat,
  SPACING_EXPECTED,
  spacingOfNumbers,
} from '#conversion';
import { SextantError } from '#errors';
import {
  type ConversionOptions as OptionsMessage,
  TiltHandling,
  UnevenHandling,
  VolumeFormat,
} from '#proto/sextant/v1/conversion';

const FORMATS: Readonly<Partial<Record<VolumeFormat, OutputFormat>>> = {
  [VolumeFormat.VOLUME_FORMAT_UNSPECIFIED]: '.nii.gz',
  [VolumeFormat.VOLUME_FORMAT_NIFTI]: '.nii',
  [VolumeFormat.VOLUME_FORMAT_NIFTI_GZ]: '.nii.gz',
  [VolumeFormat.VOLUME_FORMAT_MHA]: '.mha',
  [VolumeFormat.VOLUME_FORMAT_MHD]: '.mhd',
  [VolumeFormat.VOLUME_FORMAT_NRRD]: '.nrrd',
};

const TILTS: Readonly<Partial<Record<TiltHandling, 'shear' | 'resample'>>> = {
  [TiltHandling.TILT_HANDLING_UNSPECIFIED]: 'shear',
  [TiltHandling.TILT_HANDLING_SHEAR]: 'shear',
  [TiltHandling.TILT_HANDLING_RESAMPLE]: 'resample',
};

const UNEVENS: Readonly<Partial<Record<UnevenHandling, 'refuse' | 'resample' | 'keep'>>> = {
  [UnevenHandling.UNEVEN_HANDLING_UNSPECIFIED]: 'refuse',
  [UnevenHandling.UNEVEN_HANDLING_REFUSE]: 'refuse',
  [UnevenHandling.UNEVEN_HANDLING_RESAMPLE]: 'resample',
  [UnevenHandling.UNEVEN_HANDLING_KEEP]: 'keep',
};

/** Throws ARGUMENT_INVALID that names the field. */
export function optionsOf(
  message: OptionsMessage | undefined,
): ConversionOptions & { level: number | undefined } {
  const format = message?.format ?? VolumeFormat.VOLUME_FORMAT_UNSPECIFIED;
  const level = message?.level ?? 0;
  if (level > 9) throw invalid('level', String(level), '0 to 9');
  return {
    format: FORMATS[format] ?? fail('format', format),
    tilt: TILTS[message?.tilt ?? 0] ?? fail('tilt', message?.tilt),
    uneven: UNEVENS[message?.uneven ?? 0] ?? fail('uneven', message?.uneven),
    label: message?.label ?? false,
    spacingMm: spacingOf(message?.spacingMm ?? []),
    level: level === 0 ? undefined : level,
  };
}

function spacingOf(numbers: readonly number[]): ConversionOptions['spacingMm'] {
  if (numbers.length === 0) return undefined;
  const spacing = spacingOfNumbers(numbers);
  if (spacing !== undefined) return spacing;
  throw invalid('spacing_mm', numbers.slice(0, 5).join(', '), SPACING_EXPECTED);
}

function fail(field: string, got: unknown): never {
  throw invalid(field, String(got), 'one of the values of its enum');
}

function invalid(field: string, got: string, expected: string): SextantError {
  return new SextantError('ARGUMENT_INVALID', {
    subject: `header.options.${field}`,
    got,
    expected,
  });
}
