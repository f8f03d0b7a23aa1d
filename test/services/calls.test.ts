import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  type AnnotateRequest,
  MaskEncoding,
  type MaskHeader,
  PointSpace,
  Stage,
} from '#proto/sextant/v1/annotation';
import { ModelType } from '#proto/sextant/v1/model';
import { niftiFile } from '../../cli/testing/nifti-file.ts';
import { CLICKS, SAMPLE, type Services, startServices, uploadMessages } from './running.ts';

const MIB = 1024 ** 2;

interface Heard {
  order: string[];
  stages: Stage[];
  header: MaskHeader;
  mask: Buffer;
  stageTimes: Stage[];
  maskVoxels: number;
  requestId: string;
  largestChunk: number;
}

describe('the calls of the contract', () => {
  let services: Services;
  before(async () => {
    services = await startServices();
  });
  after(() => services?.stop());

  async function annotate(request: Partial<AnnotateRequest>): Promise<Heard> {
    const heard: Partial<Heard> & { stages: Stage[] } = { stages: [] };
    const chunks: Uint8Array[] = [];
    const order: string[] = [];
    for await (const { event } of services.annotations.annotate({
      model: 'annotation_hippocampus',
      points: CLICKS,
      space: PointSpace.POINT_SPACE_INDEX,
      progressAfterMs: 0,
      ...request,
    })) {
      const told = event?.event;
      if (told !== undefined && order.at(-1) !== told.$case) order.push(told.$case);
      if (told?.$case === 'progress') heard.stages.push(told.value.stage);
      else if (told?.$case === 'maskHeader') heard.header = told.value;
      else if (told?.$case === 'maskChunk') chunks.push(told.value.data);
      else if (told?.$case === 'summary') {
        heard.stageTimes = told.value.stageTimes.map(({ stage }) => stage);
        heard.maskVoxels = told.value.maskVoxels;
        heard.requestId = told.value.requestId;
      }
    }
    heard.order = order;
    heard.mask = Buffer.concat(chunks);
    heard.largestChunk = Math.max(...chunks.map(({ length }) => length));
    assert.equal(heard.header?.sizeBytes, heard.mask.length);
    return heard as Heard;
  }

  it('list and get models, with the licence of their weights', async () => {
    const { models } = await services.models.listModels({});
    assert.deepEqual(
      models.map(({ name, licence, engine, device }) => [name, licence, engine, device]),
      [
        ['annotation_hippocampus', 'CC-BY-SA-4.0', 'onnx', 'cpu'],
        ['annotation_any', 'Apache-2.0', 'onnx', 'cpu'],
      ],
    );
    const { model } = await services.models.getModel({ name: 'annotation_any' });
    assert.deepEqual(model, models[1]);
    const labelled = await services.models.listModels({ label: 'Left HIPPOCAMPUS' });
    assert.deepEqual(
      labelled.models.map(({ name }) => name),
      ['annotation_hippocampus'],
    );
    const type = ModelType.MODEL_TYPE_SEGMENTATION;
    assert.deepEqual((await services.models.listModels({ type })).models, []);
  });

  it('take a volume, open, show and end a session', async () => {
    const { volumeId, receipt } = await services.upload(SAMPLE);
    assert.equal(volumeId, createHash('sha256').update(SAMPLE).digest('hex'));
    const { session, warnings } = await services.sessions.createSession({ receipt });
    assert.ok(session, 'a session came');
    assert.deepEqual(warnings, []);
    assert.match(session.sessionId, /^[0-9a-f]{32}$/);
    assert.equal(session.volumeId, volumeId);
    assert.deepEqual(session.grid?.shape, [40, 52, 35]);
    assert.equal(session.grid?.affineRasMm.length, 16);
    const { sessionId } = session;
    const shown = (await services.sessions.getSession({ sessionId })).session;
    assert.deepEqual({ ...shown, expireTime: 0 }, { ...session, expireTime: 0 });
    assert.ok(
      (shown?.expireTime ?? 0) >= (session.expireTime ?? Infinity),
      'a call moves the expiry',
    );
    await services.sessions.deleteSession({ sessionId });
    await assert.rejects(services.sessions.getSession({ sessionId }), {
      reason: 'SESSION_UNKNOWN',
    });
  });

  it('annotate: progress, header, mask, summary; in both encodings the same mask', async () => {
    const sessionId = await services.open(SAMPLE);
    const runs = await annotate({ sessionId });
    assert.deepEqual(runs.order, ['progress', 'maskHeader', 'maskChunk', 'summary']);
    assert.deepEqual(runs.stages.toSorted(), ALL_STAGES);
    assert.deepEqual(runs.stageTimes.toSorted(), ALL_STAGES);
    assert.deepEqual(runs.header.labels, ['hippocampus']);
    assert.equal(runs.header.encoding, MaskEncoding.MASK_ENCODING_RUN_LENGTHS);
    const file = await annotate({
      sessionId,
      maskEncoding: MaskEncoding.MASK_ENCODING_NIFTI_GZIP,
    });
    const voxels = gunzipSync(file.mask).subarray(352);
    assert.deepEqual(expand(runs.mask), voxels);
    assert.equal(
      voxels.reduce((sum, value) => sum + value, 0),
      runs.maskVoxels,
    );
    assert.ok(runs.maskVoxels > 1000, `${runs.maskVoxels} voxels`);
  });

  it('annotate tells of no stage that is over sooner than asked for', async () => {
    const sessionId = await services.open(SAMPLE);
    const { order, stages } = await annotate({ sessionId, progressAfterMs: 600_000 });
    assert.deepEqual(stages, []);
    assert.deepEqual(order, ['maskHeader', 'maskChunk', 'summary']);
  });

  it('annotate alike from index, RAS and LPS', async () => {
    const sessionId = await services.open(SAMPLE);
    const { grid } = (await services.sessions.getSession({ sessionId })).session ?? {};
    const a = grid?.affineRasMm ?? [];
    const row = (r: number, { x, y, z }: (typeof CLICKS)[number]) =>
      (a[r] ?? 0) * x + (a[r + 1] ?? 0) * y + (a[r + 2] ?? 0) * z + (a[r + 3] ?? 0);
    const ras = CLICKS.map((point) => ({ x: row(0, point), y: row(4, point), z: row(8, point) }));
    const lps = ras.map(({ x, y, z }) => ({ x: -x, y: -y, z }));
    const { mask } = await annotate({ sessionId });
    const byRas = await annotate({ sessionId, points: ras, space: PointSpace.POINT_SPACE_RAS });
    const byLps = await annotate({ sessionId, points: lps, space: PointSpace.POINT_SPACE_LPS });
    assert.ok(mask.equals(byRas.mask) && mask.equals(byLps.mask), 'one mask in all spaces');
  });

  it('resume an upload where it was cut', async () => {
    const file = niftiFile({ dims: [128, 128, 80] });
    const { uploadId } = await services.volumes.createUpload({ sizeBytes: file.length });
    const half = uploadMessages(uploadId, file.subarray(0, 3 * MIB));
    await assert.rejects(services.volumes.uploadVolume(half), { reason: 'VOLUME_TRUNCATED' });
    const { offsetBytes, sizeBytes } = await services.volumes.getUpload({ uploadId });
    assert.equal(sizeBytes, file.length);
    assert.equal(offsetBytes, 3 * MIB);
    const rest = uploadMessages(uploadId, file, offsetBytes);
    const { volumeId } = await services.volumes.uploadVolume(rest);
    assert.equal(volumeId, createHash('sha256').update(file).digest('hex'));
  });

  it('carry volumes and masks far above 4 MiB, by file and by stream', async () => {
    const noise = (at: number) => ((at * 2654435761) % 1000) + (at % 3 ? 0 : 500);
    const file = niftiFile({ dims: [256, 256, 160], voxel: noise });
    assert.ok(file.length > 40 * MIB, 'the file is large');
    const points = CLICKS.map(({ x, y, z }) => ({ x: 4 * x + 40, y: 4 * y + 10, z: 4 * z + 10 }));
    const here = await annotate({ sessionId: await services.open(file), points });
    const distant = await startServices({ sharedFolder: false });
    const near = services;
    try {
      services = distant;
      const there = await annotate({ sessionId: await distant.open(file), points });
      assert.ok(here.mask.equals(there.mask), 'read or sent, one mask');
      const again = await annotate({ sessionId: await distant.open(file), points });
      assert.ok(here.mask.equals(again.mask), 'the same mask again');
    } finally {
      services = near;
      await distant.stop();
    }
    const loads = distant.lines.filter(({ method }) => /LoadVolume$/.test(String(method)));
    assert.equal(loads.length, 1, 'sent once, then resident');
  });

  it('annotate each frame of a 4D image by itself', async () => {
    const single = gunzipSync(SAMPLE);
    const voxels = single.subarray(352);
    const header = Buffer.from(single.subarray(0, 352));
    header.writeInt16LE(4, 40);
    header.writeInt16LE(2, 48);
    const turned = Buffer.from(voxels).reverse();
    const file = Buffer.concat([header, turned, voxels]);
    const first = await annotate({ sessionId: await services.open(file, 0) });
    const second = await annotate({ sessionId: await services.open(file, 1) });
    const alone = await annotate({ sessionId: await services.open(single) });
    assert.ok(alone.maskVoxels > 1000, 'the frame has a mask');
    assert.ok(second.mask.equals(alone.mask), 'a frame is as the image alone');
    assert.ok(!first.mask.equals(second.mask), 'the frames differ');
  });

  it('are a line each in the log, which names no file and no whole session', async () => {
    const sessionId = await services.open(SAMPLE);
    services.lines.length = 0;
    const { requestId } = await annotate({ sessionId });
    const lines = services.lines.filter((line) => line.requestId === requestId);
    assert.deepEqual(
      lines.map(({ service, status }) => [service, status]),
      [
        ['inference', 'OK'],
        ['gateway', 'OK'],
      ],
    );
    for (const line of lines) {
      assert.equal(line.model, 'annotation_hippocampus');
      const stages = Object.keys(line.stageMs ?? {}).sort();
      assert.deepEqual(stages, [
        'decode',
        'encode',
        'infer',
        'queue',
        'resample',
        'restore',
        'transform',
      ]);
    }
    assert.equal(lines[1]?.session, sessionId.slice(0, 8));
    assert.ok(!JSON.stringify(services.lines).includes(sessionId), 'no session id in the log');
    assert.ok(!JSON.stringify(services.lines).includes(services.data), 'no path in the log');
  });
});

const ALL_STAGES = [
  Stage.STAGE_QUEUE,
  Stage.STAGE_DECODE,
  Stage.STAGE_RESAMPLE,
  Stage.STAGE_TRANSFORM,
  Stage.STAGE_INFER,
  Stage.STAGE_RESTORE,
  Stage.STAGE_ENCODE,
];

/** (value, length) pairs -> voxels. */
function expand(pairs: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < pairs.length; at += 8) {
    parts.push(Buffer.alloc(pairs.readUInt32LE(at + 4), pairs.readUInt32LE(at)));
  }
  return Buffer.concat(parts);
}
