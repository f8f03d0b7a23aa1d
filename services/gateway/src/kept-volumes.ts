import { stat } from 'node:fs/promises';
import { SextantError } from '#errors';
import {
  ConversionOptions,
  type ConvertedVolume,
  type ConvertHeader,
  type ConvertRequest,
  type ConvertResponse,
  VolumeFormat,
} from '#proto/sextant/v1/conversion';
import { fromGridMessage } from '#rpc';
import type { MadeVolume, Store } from '#store';
import { arrivingVolumes, type Conversion, type ConvertCall } from './conversion.ts';

/** The request stream for one stored file; unless the header says otherwise, as plain NIfTI for the store. */
export async function* storedFileRequests(
  store: Store,
  volumeId: string,
  header: ConvertHeader = asNifti({}),
): AsyncGenerator<ConvertRequest, void> {
  // One that is not there is told by the reading.
  const sizeBytes = (await stat(store.volumePath(volumeId)).catch(() => undefined))?.size ?? 0;
  yield { part: { $case: 'header', value: { ...header, totalBytes: sizeBytes } } };
  // The name says nothing about the patient, and the bytes say what they are.
  yield { part: { $case: 'file', value: { name: 'upload', sizeBytes } } };
  for await (const value of store.readVolume(volumeId)) yield { part: { $case: 'chunk', value } };
}

/** The header as the conversion service gets it: no store of its own, NIfTI for ours. */
export function asNifti({ options, totalBytes = 0 }: Partial<ConvertHeader>): ConvertHeader {
  const wished = ConversionOptions.fromPartial({
    ...options,
    format: VolumeFormat.VOLUME_FORMAT_NIFTI,
  });
  return { options: wished, receipt: '', keep: false, totalBytes };
}

export interface Kept {
  readonly volume: ConvertedVolume;
  readonly made: MadeVolume;
}

/**
 * Runs a conversion and stores every volume that comes of it, durable before it is told. What else the
 * conversion tells (progress, the summary) comes as it is.
 */
export async function* keepVolumes(
  requests: AsyncIterable<ConvertRequest>,
  {
    store,
    conversion,
    peer,
    ...call
  }: ConvertCall & { store: Store; conversion: Conversion; peer: string },
): AsyncGenerator<Kept | ConvertResponse, void> {
  for await (const arriving of arrivingVolumes(conversion.convert(requests, call))) {
    if (!('volume' in arriving)) {
      yield arriving;
      continue;
    }
    const { volume, chunks } = arriving;
    const { name, series, warnings, changes, failure } = volume;
    const about = { name, modality: series?.modality ?? '', warnings: [...changes, ...warnings] };
    if (failure !== undefined) {
      yield { volume, made: { ...about, failure } };
      continue;
    }
    const sizeBytes = volume.files.reduce((sum, file) => sum + file.sizeBytes, 0);
    const { uploadId } = await store.createUpload({ sizeBytes, peer });
    const { volumeId, receipt } = await store
      .writeUpload(uploadId, 0, chunks, call.signal)
      .catch(async (error) => {
        // Nobody knows this upload's id, so nobody would go on with it.
        await store.forgetUpload(uploadId).catch(() => undefined);
        throw error;
      });
    const { shape, affine } = fromGridMessage(volume.grid);
    const made = { volumeId, grid: { shape, affine }, frames: volume.frames };
    yield { volume: { ...volume, volumeId, receipt, files: [] }, made: { ...about, made } };
  }
}

/** Throws VOLUME_CHOICE_REQUIRED, naming the volumes, unless there is one. */
export function onlyVolume(volumes: readonly MadeVolume[]): string {
  const made = volumes.flatMap((volume) => (volume.made === undefined ? [] : [volume]));
  const [first] = made;
  if (made.length === 1 && first?.made !== undefined) return first.made.volumeId;
  if (made.length === 0) {
    const [failed] = volumes;
    throw new SextantError('VOLUME_CORRUPT', {
      subject: 'receipt',
      got: failed?.failure?.message ?? 'a file of which no volume could be made',
      expected: 'a file of which a volume can be made',
      remedy: 'send the image in another form',
    });
  }
  throw new SextantError('VOLUME_CHOICE_REQUIRED', {
    subject: 'receipt',
    got: `a file of ${made.length} volumes`,
    expected: 'the receipt of one of them',
    remedy: 'take one from `volumes` of the answer to UploadVolume',
  });
}
