import { type Clicked, click, encodeNiftiGzip, encodeRunLengths } from '#annotation';
import { SextantError } from '#errors';
import type { ModelPool } from '#models';
import { MaskEncoding } from '#proto/sextant/v1/annotation';
import type { InferenceServiceImplementation } from '#proto/sextant/v1/inference';
import { type CallInfo, noteSummary, splitStream } from '#rpc';
import { checkVolumeId } from '#store';
import { eventsOf, type Step } from './events.ts';
import { lasting } from './lasting.ts';
import type { InferenceMetrics } from './metrics.ts';
import { modelMessage } from './model-message.ts';
import { encodingOf, pointsOf, spaceOf } from './request.ts';
import type { ResidentVolumes } from './resident-volumes.ts';
import { whileWorking } from './while-working.ts';

/** What is over sooner than people notice is not told, unless the caller asks for it. */
const PROGRESS_AFTER_MS = 100;

/** `pool` is undefined while the models are being loaded. */
export function inferenceService({
  pool,
  volumes,
  keepResults,
  metrics,
}: {
  pool: () => ModelPool | undefined;
  volumes: ResidentVolumes;
  keepResults: boolean;
  metrics: Pick<InferenceMetrics, 'countStages'>;
}): InferenceServiceImplementation<CallInfo> {
  return {
    async listLoadedModels() {
      return { models: loaded(pool()).list().map(modelMessage) };
    },
    async loadVolume(requests, { signal, note }) {
      const { header, chunks } = await splitStream(requests, signal);
      note({ volume: checkVolumeId(header.volumeId) });
      await volumes.load(header, chunks, signal);
      return {};
    },
    async *runAnnotation(request, { signal, requestId, note, sendHeader }) {
      // Tells the gateway at once that the click is here: it must not be tried again.
      sendHeader();
      const { volumeId, frame } = request;
      note({ volume: checkVolumeId(volumeId) });
      const encoding = encodingOf(request.maskEncoding);
      const model = loaded(pool()).get(request.model);
      note({ model: model.name });
      const isFile = encoding === MaskEncoding.MASK_ENCODING_NIFTI_GZIP;
      const work = {
        model,
        points: pointsOf(request.points),
        space: spaceOf(request.space),
        decode: () => volumes.lease({ volumeId, frame }, signal),
        encode: isFile ? encodeNiftiGzip : encodeRunLengths,
        keepResults,
        signal,
      };
      const steps = whileWorking<Step, Clicked>((report) => {
        const afterMs = request.progressAfterMs ?? PROGRESS_AFTER_MS;
        const told = lasting(report, { afterMs, stageOf: ([stage]) => stage });
        return click({ ...work, onStage: (...step) => told.report(step) }).finally(told.stop);
      });
      for await (const event of eventsOf(steps, { encoding, requestId })) {
        noteSummary(event, note);
        if (event.event?.$case === 'summary') {
          metrics.countStages(work.model.name, event.event.value.stageTimes);
        }
        yield { event };
      }
    },
  };
}

function loaded(pool: ModelPool | undefined): ModelPool {
  if (pool !== undefined) return pool;
  throw new SextantError('SERVICE_UNAVAILABLE', {
    subject: 'inference service',
    got: 'models that are still being loaded',
    expected: 'all of them in memory',
    remedy: 'try again in a moment',
    retryAfterMs: 1000,
  });
}
