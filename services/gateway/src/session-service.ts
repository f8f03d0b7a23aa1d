import { SextantError } from '#errors';
import type {
  Session as SessionMessage,
  SessionServiceImplementation,
} from '#proto/sextant/v1/session';
import { type CallInfo, toGridMessage } from '#rpc';
import type { Session, Store } from '#store';
import { assertFrame, type NiftiHeader, readNiftiHeader } from '#volume/nifti';
import { atField } from './at-field.ts';
import { onlyVolume } from './kept-volumes.ts';
import { peerAddress } from './peer.ts';
import { shortSession } from './short-session.ts';

export function sessionService(store: Store): SessionServiceImplementation<CallInfo> {
  return {
    async createSession({ receipt, frame }, { peer, signal, note }) {
      const sent = await store.openReceipt(receipt);
      const conversion = await store.conversionOf(sent);
      const isConverted = conversion !== undefined && conversion.volumes.length > 0;
      const volumeId = isConverted ? onlyVolume(conversion.volumes) : sent;
      const header = await atField({ fields: ['frame'], otherwise: 'receipt' }, async () => {
        const read = await readNiftiHeader({ path: store.volumePath(volumeId) }, { signal });
        assertWhole(read);
        assertFrame(read, frame);
        return read;
      });
      const opened = { volumeId, frame, grid: header.grid, peer: peerAddress(peer) };
      const session = await store.createSession(opened);
      note({ session: shortSession(session.sessionId), volume: volumeId });
      return { session: sessionMessage(session), warnings: [...header.warnings] };
    },
    async getSession({ sessionId, keepExpiry }, { note }) {
      note({ session: shortSession(sessionId) });
      return { session: sessionMessage(await store.getSession(sessionId, { keepExpiry })) };
    },
    async deleteSession({ sessionId }, { note }) {
      note({ session: shortSession(sessionId) });
      await store.deleteSession(sessionId);
      return {};
    },
  };
}

/** The store keeps one file a volume: the header of a pair has no voxels with it. */
function assertWhole({ singleFile }: NiftiHeader): void {
  if (singleFile) return;
  throw new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: 'volume',
    got: 'the header of a .hdr/.img pair',
    expected: 'one file with header and voxels',
    remedy: 'send the image as a single .nii or .nii.gz',
  });
}

function sessionMessage(session: Session): SessionMessage {
  const { sessionId, volumeId, grid, frame, createdMs, expiresMs } = session;
  return {
    sessionId,
    volumeId,
    grid: toGridMessage(grid),
    frame,
    createTime: new Date(createdMs),
    expireTime: new Date(expiresMs),
  };
}
