import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { RequestInfo } from '#proto/google/rpc/error_details';
import { Status } from '#proto/google/rpc/status';
import { type AnnotateRequest, PointSpace } from '#proto/sextant/v1/annotation';
import { GetSessionRequest } from '#proto/sextant/v1/session';
import { DETAILS_TRAILER } from '#rpc';
import { CLICKS, SAMPLE, type Services, startServices } from './running.ts';

const MODEL = 'annotation_hippocampus';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STAGES = ['decode', 'encode', 'infer', 'queue', 'resample', 'restore', 'transform'];

describe('one request id', () => {
  let services: Services;
  let sessionId: string;
  before(async () => {
    services = await startServices();
    sessionId = await services.open(SAMPLE);
  });
  after(() => services?.stop());

  /** What came of a click: the summary's id and times, and the header. */
  async function click(request: Partial<AnnotateRequest>, requestId?: string) {
    let header: unknown;
    let summary: { requestId: string; stageTimes: { milliseconds: number }[] } | undefined;
    const stream = services.annotations.annotate(
      { sessionId, model: MODEL, points: CLICKS, space: PointSpace.POINT_SPACE_INDEX, ...request },
      {
        ...(requestId === undefined ? {} : { requestId }),
        onHeader: (metadata) => {
          header = metadata.get('x-request-id');
        },
      },
    );
    for await (const { event } of stream) {
      if (event?.event?.$case === 'summary') summary = event.event.value;
    }
    return { header, summary: summary ?? assert.fail('no summary') };
  }

  async function linesOf(requestId: string, count: number) {
    for (let i = 0; i < 200; i++) {
      const lines = services.lines.filter((line) => line.requestId === requestId);
      if (lines.length >= count) return lines;
      await delay(10);
    }
    return services.lines.filter((line) => line.requestId === requestId);
  }

  /** A call past our own client: the code, and the id in the error's details. */
  async function refused(path: string, message: Uint8Array, requestId?: string) {
    const client = new Client(services.address, credentials.createInsecure());
    const metadata = new Metadata();
    if (requestId !== undefined) metadata.set('x-request-id', requestId);
    const plain = (bytes: Uint8Array) => Buffer.from(bytes);
    const error = await new Promise<ServiceError>((resolve, reject) => {
      client.makeUnaryRequest(path, plain, plain, message, metadata, (thrown) =>
        thrown ? resolve(thrown) : reject(new Error('an answer')),
      );
    });
    client.close();
    const [details] = error.metadata.get(DETAILS_TRAILER);
    const infos = Status.decode(details as Buffer).details.filter(({ typeUrl }) =>
      typeUrl.endsWith('RequestInfo'),
    );
    assert.equal(infos.length, 1);
    return RequestInfo.decode(infos[0]?.value ?? new Uint8Array()).requestId;
  }

  it('is found in the lines of both processes, in the header and in the summary', async () => {
    const { header, summary } = await click({}, 'click-from-test_1.a');
    assert.equal(header, 'click-from-test_1.a');
    assert.equal(summary.requestId, 'click-from-test_1.a');
    const lines = await linesOf('click-from-test_1.a', 2);
    assert.deepEqual(lines.map(({ service, method, status }) => [service, method, status]).sort(), [
      ['gateway', '/sextant.v1.AnnotationService/Annotate', 'OK'],
      ['inference', '/sextant.v1.InferenceService/RunAnnotation', 'OK'],
    ]);
  });

  it('has the times of all stages in the reply and in both lines, and they add up', async () => {
    const { summary } = await click({}, 'timed-2');
    assert.equal(summary.stageTimes.length, STAGES.length);
    const told = summary.stageTimes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    for (const line of await linesOf('timed-2', 2)) {
      const times = line.stageMs as Record<string, number>;
      assert.deepEqual(Object.keys(times).sort(), STAGES);
      const sum = Object.values(times).reduce((total, ms) => total + ms, 0);
      assert.ok(Math.abs(sum - told) < 1, `${sum} ms in the line, ${told} ms in the reply`);
      assert.ok(Number(line.milliseconds) >= sum - 1, `${line.milliseconds} ms hold ${sum} ms`);
    }
  });

  it('is in the error that a client gets, whichever process refused', async () => {
    const get = '/sextant.v1.SessionService/GetSession';
    const message = GetSessionRequest.encode(
      GetSessionRequest.fromPartial({ sessionId: '0'.repeat(32) }),
    ).finish();
    assert.equal(await refused(get, message, 'refused-3'), 'refused-3');
    const [line] = await linesOf('refused-3', 1);
    assert.deepEqual([line?.service, line?.reason], ['gateway', 'SESSION_UNKNOWN']);

    await assert.rejects(click({ model: 'nobody' }, 'refused-4'), { reason: 'MODEL_UNKNOWN' });
    const lines = await linesOf('refused-4', 2);
    assert.deepEqual(lines.map(({ service, reason }) => [service, reason]).sort(), [
      ['gateway', 'MODEL_UNKNOWN'],
      ['inference', 'MODEL_UNKNOWN'],
    ]);
  });

  it('is in the line and the error of a call that no handler saw', async () => {
    const create = '/sextant.v1.VolumeService/CreateUpload';
    const large = new Uint8Array(5 * 1024 ** 2);
    assert.equal(await refused(create, large, 'large-5'), 'large-5');
    const [line] = await linesOf('large-5', 1);
    assert.deepEqual([line?.status, line?.reason], ['RESOURCE_EXHAUSTED', 'LIMIT_EXCEEDED']);
    // One that is made here is the same in both places.
    const own = await refused(create, large);
    assert.match(own, UUID);
    assert.equal((await linesOf(own, 1)).length, 1);
  });

  it('is replaced when it is hostile', async () => {
    const hostile = [
      'two words',
      '../../etc/passwd',
      '{"level":"fatal"}',
      'x'.repeat(65),
      '%0a%0d',
    ];
    for (const given of hostile) {
      const { header, summary } = await click({}, given);
      assert.match(String(header), UUID, given);
      assert.equal(summary.requestId, header);
      assert.equal((await linesOf(String(header), 2)).length, 2);
      assert.ok(!JSON.stringify(services.lines).includes(JSON.stringify(given)), given);
    }
  });

  it('is replaced when it comes twice, and a call number from outside is no matter', async () => {
    const session = connect(`http://${services.address}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/sextant.v1.ModelService/ListModels',
      'content-type': 'application/grpc',
      te: 'trailers',
      'x-request-id': ['one-6', 'two-6'],
      'x-sextant-call': '1',
    });
    const answered = new Promise<Record<string, unknown>>((resolve) =>
      stream.once('response', resolve),
    );
    stream.end(Buffer.alloc(5));
    const headers = await answered;
    stream.resume();
    session.close();
    assert.match(String(headers['x-request-id']), UUID);
    const lines = await linesOf(String(headers['x-request-id']), 2);
    assert.deepEqual(lines.map(({ service }) => service).sort(), ['gateway', 'inference']);
  });

  it('goes over HTTP as well', async () => {
    const ask = (id: string) =>
      fetch(`${services.http}/v1/models`, { headers: { 'x-request-id': id } });
    const answer = await ask('over-http-7');
    assert.equal(answer.headers.get('x-request-id'), 'over-http-7');
    const lines = await linesOf('over-http-7', 2);
    assert.deepEqual(lines.map(({ service, method }) => [service, method]).sort(), [
      ['gateway', 'GET /v1/models'],
      ['inference', '/sextant.v1.InferenceService/ListLoadedModels'],
    ]);
    const hostile = await ask('two words');
    assert.match(hostile.headers.get('x-request-id') ?? '', UUID);
  });
});
