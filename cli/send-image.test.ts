import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SextantError } from '#errors';
import {
  VolumeServiceDefinition,
  type VolumeServiceImplementation,
} from '#proto/sextant/v1/volume';
import { type CallInfo, openChannel, type RpcServer, splitStream, startServer } from '#rpc';
import { imageBytes } from './image-bytes.ts';
import { patience } from './patience.ts';
import { type Sent, sendImage } from './send-image.ts';
import { temporaryFolder } from './testing/run-sextant.ts';
import { memoryOfThisCall } from './upload-memory.ts';

const IMAGE = Buffer.alloc(3 * 1024 * 1024 + 5, 'bytes of an image');
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * A server of a release that knew no proofs: it gives no nonce, looks at no `volume_id`, and says
 * what it has received. `told` is what it says at the end.
 */
function olderServer(told: (received: Buffer) => string): VolumeServiceImplementation<CallInfo> {
  return {
    createUpload: async () => ({ uploadId: 'a'.repeat(32) }),
    getUpload: () => assert.fail('nothing was cut'),
    proveVolume: () => assert.fail('it is not asked for what it does not know'),
    async uploadVolume(messages, { signal }) {
      const { chunks } = await splitStream(messages, signal);
      const received: Uint8Array[] = [];
      for await (const chunk of chunks) received.push(chunk);
      return { receipt: 'b'.repeat(32), volumeId: told(Buffer.concat(received)) };
    },
  };
}

describe('an image on its way to an older server', () => {
  let server: RpcServer;
  const folder = temporaryFolder();
  after(() => folder.remove());
  afterEach(() => server.abandon());

  async function send(told: (received: Buffer) => string): Promise<Sent> {
    server = await startServer({
      ...{ address: '127.0.0.1:0', flag: '--grpc-port', serving: true, onFinished: () => {} },
      services: [VolumeServiceDefinition.fullName],
      add: (target) => target.add(VolumeServiceDefinition, olderServer(told)),
    });
    const { signal } = new AbortController();
    const imagePath = join(folder.path, 'image.nii');
    writeFileSync(imagePath, IMAGE);
    const place = {
      imagePath,
      givenPath: imagePath,
      frame: undefined,
      volumeLimitBytes: 2 ** 32,
      signal,
    };
    const channel = openChannel(`127.0.0.1:${server.port}`);
    try {
      return await sendImage(await imageBytes(place, true), {
        ...{ channel, signal, memory: memoryOfThisCall(), show: () => {} },
        patience: patience({ signal, say: assert.fail }),
      });
    } finally {
      channel.close();
    }
  }

  it('is sent without a proof', async () => {
    const { volumeId, sentBytes, wasThere } = await send(digestOf);
    assert.deepEqual([volumeId, sentBytes, wasThere], [digestOf(IMAGE), IMAGE.length, false]);
  });

  it('is not taken for received when the server has other bytes', async () => {
    await assert.rejects(
      send(() => digestOf(Buffer.from('others'))),
      (error) => error instanceof SextantError && error.reason === 'VOLUME_DIGEST_MISMATCH',
    );
  });
});
