import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import {
  InferenceServiceDefinition,
  type InferenceServiceImplementation,
  RunAnnotationRequest,
} from '#proto/sextant/v1/inference';
import { type CallInfo, openChannel, startServer } from '#rpc';
import { openInference } from './inference.ts';

const gone = () =>
  new SextantError('SERVICE_UNAVAILABLE', { subject: 's', got: 'an end', expected: 'a life' });

/** Clicks once on a service that has the click and goes away; with how many calls it took. */
async function clickOnDying(): Promise<number> {
  let calls = 0;
  const nothing = async () => ({});
  const service: InferenceServiceImplementation<CallInfo> = {
    listLoadedModels: nothing,
    loadVolume: nothing,
    async *runAnnotation(_request, { sendHeader }) {
      calls += 1;
      sendHeader();
      yield await Promise.reject(gone());
    },
  };
  const server = await startServer({
    address: '127.0.0.1:0',
    flag: '--inference-port',
    services: [InferenceServiceDefinition.fullName],
    add: (target) => target.add(InferenceServiceDefinition, service),
    serving: true,
    onFinished: () => {},
  });
  const channel = openChannel(`127.0.0.1:${server.port}`);
  const inference = openInference(channel, () => {});
  const stop = new AbortController();
  const watching = inference.watchHealth(() => {}, stop.signal);
  const volume = async function* () {};
  const options = { volume, signal: stop.signal, leftMs: () => undefined };
  const click = inference.annotate(RunAnnotationRequest.fromPartial({}), options);
  const ended = click[Symbol.asyncIterator]().next();
  await assert.rejects(ended, { reason: 'SERVICE_UNAVAILABLE' });
  stop.abort();
  channel.close();
  server.abandon();
  await watching;
  return calls;
}

describe('a click on an inference service that dies', () => {
  it('is not tried again once the service has it: it may be what the service dies of', async () => {
    assert.equal(await clickOnDying(), 1);
  }).timeout(20_000);
});
