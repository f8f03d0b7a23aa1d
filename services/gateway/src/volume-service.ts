import type { VolumeServiceImplementation } from '#proto/sextant/v1/volume';
import { type CallInfo, splitStream } from '#rpc';
import type { Store } from '#store';
import type { Conversion } from './conversion.ts';
import { volumesOfUpload } from './converted-uploads.ts';
import { peerAddress } from './peer.ts';

export function volumeService({
  store,
  conversion,
}: {
  store: Store;
  conversion: Conversion;
}): VolumeServiceImplementation<CallInfo> {
  return {
    createUpload: ({ sizeBytes, volumeId }, { peer }) =>
      store.createUpload({
        sizeBytes,
        volumeId: volumeId === '' ? undefined : volumeId,
        peer: peerAddress(peer),
      }),
    async proveVolume({ uploadId, volumeId, proof }, { peer, signal, requestId, note }) {
      const { receipt } = await store.proveUpload(uploadId, { volumeId, proof }, signal);
      note({ volume: volumeId });
      const call = { store, conversion, peer: peerAddress(peer), signal, requestId };
      return { receipt, volumes: await volumesOfUpload({ uploadId, volumeId }, call) };
    },
    getUpload: ({ uploadId }) => store.uploadState(uploadId),
    async uploadVolume(requests, { peer, signal, requestId, note }) {
      const { header, chunks } = await splitStream(requests, signal);
      const { uploadId, offsetBytes } = header;
      const committed = await store.writeUpload(uploadId, offsetBytes, chunks, signal);
      note({ volume: committed.volumeId });
      const call = { store, conversion, peer: peerAddress(peer), signal, requestId };
      const { volumeId } = committed;
      return { ...committed, volumes: await volumesOfUpload({ uploadId, volumeId }, call) };
    },
  };
}
