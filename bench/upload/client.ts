// Sends the same bytes to a gateway or to the bare server when told to, and says how long it took.
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { Client, credentials } from '@grpc/grpc-js';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { chunksOf, createClient, openChannel } from '#rpc';
import { BARE_METHODS } from './bare-method.ts';

export interface Order {
  readonly to: 'sextant' | 'bare';
  readonly port: number;
  readonly bytes: number;
}

let file = Buffer.alloc(0);
let sent = 0;

process.on('message', async ({ to, port, bytes }: Order) => {
  if (file.length !== bytes) file = randomFillSync(Buffer.alloc(bytes));
  // Another file each time: one that the store has already would not be kept again.
  file.writeBigUInt64LE(BigInt(++sent + process.pid * 1e6));
  const begun = performance.now();
  await (to === 'sextant' ? upload(port) : put(port));
  process.send?.({ ms: performance.now() - begun });
});
process.on('disconnect', () => process.exit());

async function upload(port: number): Promise<void> {
  const channel = openChannel(`127.0.0.1:${port}`);
  const volumes = createClient(VolumeServiceDefinition, channel);
  const { uploadId } = await volumes.createUpload({ sizeBytes: file.length });
  await volumes.uploadVolume(messages(uploadId));
  channel.close();
}

async function* messages(uploadId: string) {
  yield { part: { $case: 'header' as const, value: { uploadId, offsetBytes: 0 } } };
  for (const value of chunksOf(file)) yield { part: { $case: 'chunk' as const, value } };
}

async function put(port: number): Promise<void> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = BARE_METHODS.put;
  await new Promise<void>((resolve, reject) => {
    const call = client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      (error) => (error === null ? resolve() : reject(error)),
    );
    void (async () => {
      for (const chunk of chunksOf(file)) {
        if (!call.write(chunk as Buffer)) await once(call, 'drain');
      }
      call.end();
    })();
  });
  client.close();
}
