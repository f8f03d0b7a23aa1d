import type { Converted, FoundVolume } from '#conversion';
import type { SetApart } from '#dicom';
import type { SextantError } from '#errors';
import type {
  ConvertedVolume,
  ConvertResponse,
  ConvertSummary,
  SeriesInfo,
} from '#proto/sextant/v1/conversion';
import { toGridMessage } from '#rpc';
import { MOST_NAMED } from './limits.ts';
import { inRequestWords } from './request-words.ts';

export function progressMessage(stage: string, done: number, total: number): ConvertResponse {
  return { event: { $case: 'progress', value: { stage, done, total } } };
}

export function chunkMessage(value: Uint8Array): ConvertResponse {
  return { event: { $case: 'chunk', value } };
}

/** A volume that is about to follow, or that could not be made. */
export function volumeMessage(
  index: number,
  found: FoundVolume,
  made: { converted: Converted; files: ConvertedVolume['files']; volumeId: string } | SextantError,
): ConvertResponse {
  const about = { index, name: found.name, series: seriesMessage(found) };
  const value: ConvertedVolume =
    'converted' in made
      ? { ...about, ...madeFields(made.converted), files: made.files, volumeId: made.volumeId }
      : { ...about, ...NOTHING, failure: toldInRequest(made) };
  return { event: { $case: 'volume', value } };
}

const NOTHING = {
  grid: undefined,
  frames: 0,
  voxelType: '',
  slope: 0,
  intercept: 0,
  changes: [],
  warnings: [],
  volumeId: '',
  receipt: '',
  files: [],
};

function madeFields({ header, changes, warnings }: Converted) {
  const { grid, frames, dtype, scale } = header;
  return {
    ...NOTHING,
    grid: toGridMessage(grid),
    frames,
    voxelType: dtype,
    slope: scale.slope,
    intercept: scale.intercept,
    changes: changes.map(toldInRequest),
    warnings: warnings.map(toldInRequest),
    failure: undefined,
  };
}

function toldInRequest({ reason, message }: { reason: string; message: string }) {
  return { reason, message: inRequestWords(message) };
}

function seriesMessage({ series }: FoundVolume): SeriesInfo | undefined {
  if (series === undefined) return undefined;
  const { modality, seriesNumber, seriesDescription, seriesInstanceUid, instanceCount } = series;
  return {
    modality,
    seriesNumber: isInt32(seriesNumber) ? seriesNumber : 0,
    seriesDescription: seriesDescription ?? '',
    seriesInstanceUid,
    instanceCount,
  };
}

/** DICOM's integers are text of any length; what the wire cannot hold would fail the whole answer. */
function isInt32(value: number | undefined): value is number {
  return value !== undefined && value === (value | 0);
}

export function summaryMessage(
  counts: Pick<ConvertSummary, 'convertedCount' | 'failedCount'>,
  apart: readonly SetApart[],
): ConvertResponse {
  const setApart = apart.slice(0, MOST_NAMED).map(({ name, kind }) => ({ name, kind }));
  const value = { ...counts, setApart, setApartCount: apart.length };
  return { event: { $case: 'summary', value } };
}
