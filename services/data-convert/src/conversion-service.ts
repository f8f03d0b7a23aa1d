import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertImages,
  type ConversionOptions,
  type Converted,
  type FoundVolume,
  findVolumes,
  flatNames,
  openVolume,
  outputFiles,
} from '#conversion';
import type { DicomWorkers } from '#dicom';
import { SextantError } from '#errors';
import type {
  ConversionServiceImplementation,
  ConvertRequest,
  ConvertResponse,
} from '#proto/sextant/v1/conversion';
import { type CallInfo, CHUNK_BYTES } from '#rpc';
import { CONVERSION_RETRY_MS, CONVERSIONS_LIMIT } from './limits.ts';
import type { MemoryBudget, Reserve } from './memory-budget.ts';
import { chunkMessage, summaryMessage, volumeMessage } from './messages.ts';
import type { ConversionTally } from './metrics.ts';
import { optionsOf } from './options.ts';
import { progressOf } from './progress.ts';
import { spool, withFolder } from './spool.ts';
import { volumeIdOf } from './volume-id.ts';
import { whileWorking } from './while-working.ts';

interface Work {
  readonly folder: string;
  readonly options: ConversionOptions & { level: number | undefined };
  readonly workers: DicomWorkers;
  readonly volumeLimitBytes: number;
  readonly memory: MemoryBudget;
  readonly tally: ConversionTally;
  readonly signal: AbortSignal;
  readonly tell: (response: ConvertResponse) => Promise<void>;
}

export function conversionService({
  workers,
  volumeLimitBytes,
  memory,
  tally,
}: {
  workers: DicomWorkers;
  volumeLimitBytes: number;
  memory: MemoryBudget;
  tally: ConversionTally;
}): ConversionServiceImplementation<CallInfo> {
  return {
    async *convert(requests, { signal }) {
      if (tally.running >= CONVERSIONS_LIMIT) throw busy();
      yield* whileWorking<ConvertResponse>(async (tell) => {
        tally.running++;
        try {
          const work = { workers, volumeLimitBytes, memory, tally, signal, tell };
          await withFolder((folder) => convertAll(requests, { ...work, folder }));
        } finally {
          tally.running--;
        }
      }, signal);
    },
  };
}

async function convertAll(
  requests: AsyncIterable<ConvertRequest>,
  work: Omit<Work, 'options'>,
): Promise<void> {
  const { folder, workers, tally, signal, tell } = work;
  const received = progressOf('RECEIVE', tell);
  let told = 0;
  const onBytes = (bytes: number, total: number) => {
    tally.receivedBytes += bytes - told;
    told = bytes;
    // What was announced may turn out to be too little.
    received(bytes, bytes <= total ? total : 0);
  };
  const { header, files } = await spool(requests, folder, { signal, onBytes });
  refuseStore(header);
  const options = optionsOf(header.options);
  const looked = progressOf('READ', tell);
  looked(0, files.length);
  const onProgress = (done: number) => looked(done, files.length);
  const found = await findVolumes(files, { workers, signal, onProgress });
  assertImages(found, 'files');
  const counts = { convertedCount: 0, failedCount: 0 };
  for (const [index, volume] of flatNames(found.volumes).entries()) {
    const isMade = await convertOne(index, volume, { ...work, options });
    if (isMade) counts.convertedCount++;
    else counts.failedCount++;
    tally[isMade ? 'converted' : 'failed']++;
  }
  await tell(summaryMessage(counts, found.apart));
}

/** Writes the volume's files to the folder first: only then their sizes and the volume's id are known. */
async function convertOne(index: number, found: FoundVolume, work: Work): Promise<boolean> {
  const { memory, signal, tell } = work;
  try {
    const made = await memory.run(
      (reserve) => makeVolume(index, found, { ...work, reserve }),
      signal,
    );
    await tell(volumeMessage(index, found, made));
    for (const path of made.paths) {
      await sendFile(path, tell);
      // The next volume has the disk that this one had.
      await rm(path);
    }
    return true;
  } catch (error) {
    if (!(error instanceof SextantError) || signal.aborted) throw error;
    await tell(volumeMessage(index, found, error));
    return false;
  }
}

/** The volume as files in the folder; none of its voxels are in memory any more. */
async function makeVolume(
  index: number,
  found: FoundVolume,
  work: Work & { readonly reserve: Reserve },
) {
  const { options, workers, volumeLimitBytes, reserve, signal, tell } = work;
  const made = progressOf('CONVERT', tell);
  let bytes = 0;
  const onProgress = (part: number) => made(Math.round(part * bytes), bytes);
  const opening = { workers, signal, volumeLimitBytes, reserve, onProgress };
  const converted = await openVolume(found, options, opening);
  try {
    bytes = converted.bytes;
    return { converted, ...(await writeFiles(index, found, converted, work)) };
  } finally {
    converted.dispose();
  }
}

async function writeFiles(
  index: number,
  found: FoundVolume,
  converted: Converted,
  { folder, options, signal }: Work,
) {
  const { format, level } = options;
  const outputs = await outputFiles(converted, found.name, { format, level, signal });
  const paths: string[] = [];
  const files: { name: string; sizeBytes: number }[] = [];
  let volumeId = '';
  for (const { suffix, pieces } of outputs) {
    const heard = volumeIdOf(pieces);
    const path = join(folder, `made-${index}${suffix}`);
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const piece of heard.pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    // Another format's bytes say nothing about the id.
    if (format === '.nii') volumeId = heard.id();
    paths.push(path);
    files.push({ name: `${found.name}${suffix}`, sizeBytes: (await stat(path)).size });
  }
  return { paths, files, volumeId };
}

async function sendFile(path: string, tell: Work['tell']): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    await tell(chunkMessage(chunk));
  }
}

function refuseStore({ receipt, keep }: { receipt: string; keep: boolean }): void {
  if (receipt === '' && !keep) return;
  throw new SextantError('ARGUMENT_INVALID', {
    subject: receipt === '' ? 'header.keep' : 'header.receipt',
    got: 'a wish for the store',
    expected: 'files, and their results sent back: this service has no store',
    remedy: 'ask the gateway',
  });
}

function busy(): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'conversions',
    got: `${CONVERSIONS_LIMIT} that are running`,
    expected: 'one to have ended',
    remedy: 'try again in a moment',
    retryAfterMs: CONVERSION_RETRY_MS,
  });
}
