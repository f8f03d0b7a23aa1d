import { shortened } from '#errors';
import type { AnnotationServiceImplementation } from '#proto/sextant/v1/annotation';
import { type CallInfo, noteSummary } from '#rpc';
import type { Store } from '#store';
import { toField } from './at-field.ts';
import type { Inference } from './inference.ts';
import { shortSession } from './short-session.ts';

/** Fields of AnnotateRequest that errors of the inference service name themselves. */
const FIELDS = ['model', 'points', 'space', 'mask_encoding'];

export function annotationService({
  store,
  inference,
}: {
  store: Store;
  inference: Inference;
}): AnnotationServiceImplementation<CallInfo> {
  return {
    async *annotate(request, { signal, requestId, note, leftMs }) {
      const { sessionId, model, ...question } = request;
      note({ session: shortSession(sessionId) });
      const { volumeId, frame } = await store.getSession(sessionId);
      const click = { ...question, model, volumeId, frame, requestId };
      const volume = () => store.readVolume(volumeId);
      try {
        for await (const event of inference.annotate(click, { volume, signal, leftMs })) {
          // Known by now: what a caller may have written there instead stays out of the log.
          note({ model: shortened(model) });
          noteSummary(event, note);
          yield { event };
        }
      } catch (error) {
        throw toField(error, FIELDS, 'session_id');
      }
    },
  };
}
