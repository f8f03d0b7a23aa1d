import { SextantError } from '#errors';
import type { UploadedVolume } from '#proto/sextant/v1/volume';
import { toGridMessage } from '#rpc';
import type { MadeVolume, Store } from '#store';
import { imageKindOf, isUntakenArchive } from '#volume';
import type { Conversion, ConvertCall } from './conversion.ts';
import { keepVolumes, storedFileRequests } from './kept-volumes.ts';

export interface ConvertUploadOptions extends ConvertCall {
  readonly store: Store;
  readonly conversion: Conversion;
  readonly peer: string;
}

/** Kinds that a session can be opened on as they are; and what nobody reads. */
const AS_THEY_ARE = new Set(['nifti', 'nifti-pair', undefined]);

/**
 * What was made of an upload's file. An upload whose file conversion refuses is taken back: nobody could do
 * anything with it.
 *
 * @throws SextantError as `uploadedVolumes`, and the refusal
 */
export async function volumesOfUpload(
  { uploadId, volumeId }: { uploadId: string; volumeId: string },
  options: ConvertUploadOptions,
): Promise<UploadedVolume[]> {
  try {
    return await uploadedVolumes(volumeId, options);
  } catch (error) {
    if (isRefusal(error)) await options.store.refuseUpload(uploadId);
    throw error;
  }
}

/** The same file would be refused again: no want of room or time, nobody's leaving. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof SextantError)) return false;
  const { code, reason, retryAfterMs } = error;
  return code === 'INVALID_ARGUMENT' || (reason === 'LIMIT_EXCEEDED' && retryAfterMs === undefined);
}

/**
 * What was made of a stored file that is no NIfTI, now or before, with a receipt for each; none for NIfTI and
 * for what conversion does not know, which CreateSession refuses by name.
 *
 * @throws SextantError SERVICE_UNAVAILABLE, CANCELLED, STORE_FULL, LIMIT_EXCEEDED: nothing is lost, send again
 */
async function uploadedVolumes(
  volumeId: string,
  options: ConvertUploadOptions,
): Promise<UploadedVolume[]> {
  const { store } = options;
  const known = await imageKindOf(store.volumePath(volumeId));
  if (AS_THEY_ARE.has(known?.kind) || isUntakenArchive(known?.kind)) return [];
  const record = await store.conversionOf(volumeId);
  const volumes = record?.volumes ?? (await convertNow(volumeId, options));
  return await Promise.all(volumes.map((volume) => message(volume, store)));
}

async function convertNow(
  volumeId: string,
  options: ConvertUploadOptions,
): Promise<readonly MadeVolume[]> {
  const { store } = options;
  const volumes: MadeVolume[] = [];
  try {
    const requests = storedFileRequests(store, volumeId);
    for await (const told of keepVolumes(requests, options)) {
      if ('made' in told) volumes.push(told.made);
    }
  } catch (error) {
    if (!(error instanceof SextantError) || error.reason !== 'NO_IMAGES') throw error;
  }
  await store.keepConversion(volumeId, { volumes });
  return volumes;
}

async function message(
  { name, modality, made, warnings, failure }: MadeVolume,
  store: Store,
): Promise<UploadedVolume> {
  return {
    name,
    modality,
    volumeId: made?.volumeId ?? '',
    receipt: made === undefined ? '' : await store.newReceipt(made.volumeId),
    grid: made === undefined ? undefined : toGridMessage(made.grid),
    frames: made?.frames ?? 0,
    warnings: warnings.map((warning) => ({ ...warning })),
    failure: failure === undefined ? undefined : { ...failure },
  };
}
