import type { VolumeServiceImplementation } from '#proto/sextant/v1/volume';
import { type CallInfo, splitStream } from '#rpc';
import type { Store } from '#store';

export function volumeService(store: Store): VolumeServiceImplementation<CallInfo> {
  return {
    async createUpload({ sizeBytes }) {
      return { uploadId: await store.createUpload(sizeBytes) };
    },
    getUpload: ({ uploadId }) => store.uploadState(uploadId),
    async uploadVolume(requests, { signal, note }) {
      const { header, chunks } = await splitStream(requests, signal);
      const { uploadId, offsetBytes } = header;
      const committed = await store.writeUpload(uploadId, offsetBytes, chunks, signal);
      note({ volume: committed.volumeId });
      return committed;
    },
  };
}
