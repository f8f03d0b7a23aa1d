import type { VolumeServiceImplementation } from '#proto/sextant/v1/volume';
import { type CallInfo, splitStream } from '#rpc';
import type { Store } from '#store';
import { peerAddress } from './peer.ts';

export function volumeService(store: Store): VolumeServiceImplementation<CallInfo> {
  return {
    createUpload: ({ sizeBytes, volumeId }, { peer }) =>
      store.createUpload({
        sizeBytes,
        volumeId: volumeId === '' ? undefined : volumeId,
        peer: peerAddress(peer),
      }),
    async proveVolume({ uploadId, volumeId, proof }, { signal, note }) {
      const { receipt } = await store.proveUpload(uploadId, { volumeId, proof }, signal);
      note({ volume: volumeId });
      return { receipt };
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
