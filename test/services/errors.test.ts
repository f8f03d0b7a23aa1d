import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { credentials, status as Grpc, Client as GrpcClient, Metadata } from '@grpc/grpc-js';
import { type Client, createClientFactory } from 'nice-grpc';
import { ClientError } from 'nice-grpc-common';
import { BadRequest, ErrorInfo, RequestInfo, RetryInfo } from '#proto/google/rpc/error_details';
import { Status } from '#proto/google/rpc/status';
import {
  type AnnotateRequest,
  AnnotationServiceDefinition,
  PointSpace,
} from '#proto/sextant/v1/annotation';
import { ModelServiceDefinition } from '#proto/sextant/v1/model';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { openChannel } from '#rpc';
import { niftiFile, RGB24 } from '../../cli/testing/nifti-file.ts';
import { CLICKS, SAMPLE, type Services, startServices, uploadMessages } from './running.ts';

const MIB = 1024 ** 2;
const SIX = CLICKS.map(({ x, y, z }) => ({ x: x / 2, y: y / 3, z: z / 3 }));

/** An error as any gRPC client sees it: status, and the details in its trailer. */
interface Seen {
  code: Grpc;
  message: string;
  reason: string;
  domain: string;
  metadata: Record<string, string>;
  field: string | undefined;
  requestId: string;
  retries: boolean;
}

describe('errors on the wire', () => {
  let services: Services;
  let channel: ReturnType<typeof openChannel>;
  before(async () => {
    services = await startServices({ volumeLimit: 16 * MIB, storeLimit: 64 * MIB });
    channel = openChannel(services.address);
  });
  after(async () => {
    channel?.close();
    await services?.stop();
  });

  const client = <S extends Parameters<ReturnType<typeof createClientFactory>['create']>[0]>(
    definition: S,
  ): Client<S> => createClientFactory().create(definition, channel) as Client<S>;

  /** Makes a call without our client layer and takes its error apart. */
  async function seen(
    call: (options: {
      onTrailer(trailer: { get(key: string): unknown }): void;
    }) => Promise<unknown>,
  ): Promise<Seen> {
    let bytes: Uint8Array | undefined;
    const options = {
      onTrailer(trailer: { get(key: string): unknown }) {
        bytes = trailer.get('grpc-status-details-bin') as Uint8Array | undefined;
      },
    };
    const error = await call(options).then(
      () => assert.fail('the call succeeded'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ClientError, String(error));
    assert.ok(bytes, 'details are in the trailer');
    const { code, message, details } = Status.decode(bytes);
    assert.equal(code, error.code);
    assert.equal(message, error.details);
    const part = (name: string) =>
      details.find(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${name}`)?.value;
    const { reason, domain, metadata } = ErrorInfo.decode(part('ErrorInfo') ?? assert.fail());
    const bad = part('BadRequest');
    const retry = part('RetryInfo');
    if (retry !== undefined) RetryInfo.decode(retry);
    return {
      code,
      message,
      reason,
      domain,
      metadata,
      field: bad === undefined ? undefined : BadRequest.decode(bad).fieldViolations[0]?.field,
      requestId: RequestInfo.decode(part('RequestInfo') ?? assert.fail()).requestId,
      retries: retry !== undefined,
    };
  }

  const annotateSeen = (request: Partial<AnnotateRequest>) =>
    seen(async (options) => {
      const valid = {
        model: 'annotation_hippocampus',
        points: SIX,
        space: PointSpace.POINT_SPACE_INDEX,
      };
      const stream = client(AnnotationServiceDefinition).annotate(
        { ...valid, ...request },
        options,
      );
      for await (const _ of stream);
    });

  const clicks: [string, Partial<AnnotateRequest>, string, string | undefined][] = [
    ['five points', { points: SIX.slice(1) }, 'POINTS_TOO_FEW', 'points'],
    [
      'six times one point',
      { points: SIX.map(() => SIX[0] ?? assert.fail()) },
      'POINTS_COINCIDE',
      'points',
    ],
    [
      'a point outside',
      { points: SIX.with(2, { x: 5, y: 5, z: 900 }) },
      'POINT_OUTSIDE',
      'points[2]',
    ],
    [
      'NaN',
      { points: SIX.with(3, { x: Number.NaN, y: 5, z: 5 }) },
      'POINT_NOT_FINITE',
      'points[3]',
    ],
    ['no space', { space: PointSpace.POINT_SPACE_UNSPECIFIED }, 'SPACE_UNSPECIFIED', 'space'],
    ['an unknown space', { space: 9 as PointSpace }, 'SPACE_UNSPECIFIED', 'space'],
    ['an unknown encoding', { maskEncoding: 9 as never }, 'ARGUMENT_INVALID', 'mask_encoding'],
    ['an unknown model', { model: 'annotation_hipocampus' }, 'MODEL_UNKNOWN', undefined],
  ];
  for (const [name, request, reason, field] of clicks) {
    it(`name ${reason} for ${name}`, async () => {
      const sessionId = await services.open(niftiFile());
      const error = await annotateSeen({ sessionId, ...request });
      assert.equal(error.reason, reason);
      assert.equal(error.domain, 'sextant');
      assert.equal(error.field, field);
      assert.equal(error.code, field === undefined ? Grpc.NOT_FOUND : Grpc.INVALID_ARGUMENT);
      assert.deepEqual(Object.keys(error.metadata).slice(0, 3).sort(), [
        'expected',
        'got',
        'subject',
      ]);
    });
  }

  it('give the nearest name of an unknown model, in both calls', async () => {
    const sessionId = await services.open(niftiFile());
    const clicked = await annotateSeen({ sessionId, model: 'annotation_hipocampus' });
    assert.match(clicked.metadata.remedy ?? '', /annotation_hippocampus/);
    const asked = await seen((options) =>
      client(ModelServiceDefinition).getModel({ name: 'annotation_ani' }, options),
    );
    assert.equal(asked.code, Grpc.NOT_FOUND);
    assert.match(asked.metadata.remedy ?? '', /annotation_any/);
  });

  const images: [string, Buffer, string, number][] = [
    [
      'text',
      Buffer.from('this is no image '.repeat(100)),
      'VOLUME_FORMAT_UNKNOWN',
      Grpc.INVALID_ARGUMENT,
    ],
    [
      'zero dims',
      niftiFile({ dims: [20, 0, 16], voxelBytes: 10 }),
      'VOLUME_CORRUPT',
      Grpc.INVALID_ARGUMENT,
    ],
    [
      'negative dims',
      niftiFile({ dims: [20, -4, 16], voxelBytes: 10 }),
      'VOLUME_CORRUPT',
      Grpc.INVALID_ARGUMENT,
    ],
    ['bitpix that contradicts', niftiFile({ bitpix: 16 }), 'VOLUME_CORRUPT', Grpc.INVALID_ARGUMENT],
    [
      'a singular affine',
      niftiFile({
        affine: [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [1, 1, 0, 0],
        ],
      }),
      'VOLUME_AFFINE_SINGULAR',
      Grpc.INVALID_ARGUMENT,
    ],
    [
      '4D without a frame',
      niftiFile({ dims: [20, 24, 16, 2] }),
      'FRAME_REQUIRED',
      Grpc.INVALID_ARGUMENT,
    ],
  ];
  for (const [name, file, reason, code] of images) {
    it(`refuse a session on ${name}`, async () => {
      const { receipt } = await services.upload(file);
      const error = await seen((options) =>
        client(SessionServiceDefinition).createSession({ receipt }, options),
      );
      assert.equal(error.reason, reason);
      assert.equal(error.code, code);
      assert.equal(error.field, reason === 'FRAME_REQUIRED' ? 'frame' : 'receipt');
      assert.ok(!error.message.includes(services.data), error.message);
    });
  }

  const decoded: [string, Buffer, string, number, string | undefined][] = [
    [
      'a constant image',
      niftiFile({ voxel: () => 7 }),
      'VOLUME_CONSTANT',
      Grpc.FAILED_PRECONDITION,
      undefined,
    ],
    [
      'an RGB image',
      niftiFile({ datatype: RGB24, bitpix: 24 }),
      'VOLUME_NOT_SCALAR',
      Grpc.FAILED_PRECONDITION,
      undefined,
    ],
    [
      'a truncated .nii.gz',
      halfOf(gzipSync(niftiFile())),
      'VOLUME_TRUNCATED',
      Grpc.INVALID_ARGUMENT,
      'session_id',
    ],
    [
      '10^15 voxels',
      niftiFile({ dims: [32000, 32000, 32000, 30], voxelBytes: 100 }),
      'VOLUME_TOO_LARGE',
      Grpc.RESOURCE_EXHAUSTED,
      undefined,
    ],
    [
      'a bomb',
      gzipSync(niftiFile({ dims: [512, 512, 128], voxelBytes: 128 * MIB })),
      'VOLUME_TOO_LARGE',
      Grpc.RESOURCE_EXHAUSTED,
      undefined,
    ],
  ];
  for (const [name, file, reason, code, field] of decoded) {
    it(`refuse a click on ${name}`, async () => {
      const frame = name === '10^15 voxels' ? 29 : undefined;
      const sessionId = await services.open(file, frame);
      const error = await annotateSeen({ sessionId });
      assert.equal(error.reason, reason);
      assert.equal(error.code, code);
      assert.equal(error.field, field);
      assert.ok(!error.message.includes(services.data), error.message);
    });
  }

  it('refuse what does not fit the store before the first byte', async () => {
    const error = await seen((options) =>
      client(VolumeServiceDefinition).createUpload({ sizeBytes: 65 * MIB }, options),
    );
    assert.equal(error.code, Grpc.RESOURCE_EXHAUSTED);
    assert.equal(error.reason, 'STORE_FULL');
  });

  it('refuse streams that are none', async () => {
    const upload = (messages: AsyncIterable<object>) =>
      seen((options) => client(VolumeServiceDefinition).uploadVolume(messages as never, options));
    const { uploadId } = await services.volumes.createUpload({ sizeBytes: SAMPLE.length });
    async function* chunkFirst() {
      yield { part: { $case: 'chunk' as const, value: SAMPLE } };
    }
    assert.equal((await upload(chunkFirst())).field, 'header');
    async function* large() {
      yield { part: { $case: 'header' as const, value: { uploadId, offsetBytes: 0 } } };
      yield { part: { $case: 'chunk' as const, value: Buffer.alloc(2 * MIB) } };
    }
    assert.equal((await upload(large())).field, 'chunk');
    const offset = await upload(uploadMessages(uploadId, SAMPLE, 5));
    assert.equal(offset.reason, 'UPLOAD_OFFSET_MISMATCH');
    const unknown = await upload(uploadMessages('0'.repeat(32), SAMPLE));
    assert.equal(unknown.reason, 'UPLOAD_UNKNOWN');
  });

  it('tell unknown ids and receipts from a digest, which opens nothing', async () => {
    const { volumeId } = await services.upload(SAMPLE);
    const open = (receipt: string) =>
      seen((options) => client(SessionServiceDefinition).createSession({ receipt }, options));
    assert.equal((await open(volumeId)).reason, 'VOLUME_UNKNOWN');
    assert.equal((await open('../../etc/passwd')).reason, 'VOLUME_UNKNOWN');
    const error = await annotateSeen({ sessionId: volumeId });
    assert.equal(error.reason, 'SESSION_UNKNOWN');
    assert.equal(error.code, Grpc.NOT_FOUND);
  });

  it("carry the caller's request id, which the log knows too", async () => {
    const metadata = new Metadata();
    metadata.set('x-request-id', 'my-call-7');
    const error = await new Promise<{ metadata: Metadata }>((resolve) => {
      const unary = new GrpcClient(services.address, credentials.createInsecure());
      unary.makeUnaryRequest(
        '/sextant.v1.SessionService/GetSession',
        () => Buffer.alloc(0),
        (bytes) => bytes,
        {},
        metadata,
        (failure) => {
          unary.close();
          resolve(failure ?? assert.fail());
        },
      );
    });
    const [details] = error.metadata.get('grpc-status-details-bin');
    assert.ok(Buffer.from(details ?? '').includes('my-call-7'), 'the id is in the details');
    assert.ok(
      services.lines.some(({ requestId }) => requestId === 'my-call-7'),
      'the id is in the log',
    );
  });
});

function halfOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}
