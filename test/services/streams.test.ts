import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { UploadVolumeRequest } from '#proto/sextant/v1/volume';
import { type Services, startServices, uploadMessages } from './running.ts';

const MIB = 1024 * 1024;

describe('a stream that stands still', () => {
  let services: Services;
  before(async () => {
    services = await startServices({ streamIdleSeconds: 1 });
  });
  after(() => services.stop());

  it('is cut as the setting says; what came of an upload is durable, and it goes on', async () => {
    const file = randomBytes(5 * MIB);
    const { uploadId } = await services.volumes.createUpload({ sizeBytes: file.length });
    async function* stalling(): AsyncGenerator<UploadVolumeRequest> {
      yield* uploadMessages(uploadId, file.subarray(0, 3 * MIB));
      await delay(60_000, undefined, { ref: false });
    }
    await assert.rejects(services.volumes.uploadVolume(stalling()), {
      reason: 'STREAM_STALLED',
      code: 'DEADLINE_EXCEEDED',
    });
    // Told after it was kept, so that the client need not ask twice.
    const { offsetBytes } = await services.volumes.getUpload({ uploadId });
    assert.equal(offsetBytes, 3 * MIB);
    const rest = uploadMessages(uploadId, file, offsetBytes);
    const { volumeId } = await services.volumes.uploadVolume(rest);
    assert.equal(volumeId, createHash('sha256').update(file).digest('hex'));
    const [line] = services.lines.filter(({ reason }) => reason === 'STREAM_STALLED');
    assert.equal(line?.method, '/sextant.v1.VolumeService/UploadVolume');
  });
});
