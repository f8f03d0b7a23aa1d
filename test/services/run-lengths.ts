import type { Vec3 } from '#geometry';
import { MaskEncoding, PointSpace } from '#proto/sextant/v1/annotation';
import type { Services } from './running.ts';

/** The run lengths of one click over gRPC, by a session that is open. Points are voxel indices. */
export async function runLengthsOver(
  { annotations }: Services,
  { sessionId, model, points }: { sessionId: string; model: string; points: readonly Vec3[] },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const { event } of annotations.annotate({
    sessionId,
    model,
    points: points.map(([x, y, z]) => ({ x, y, z })),
    space: PointSpace.POINT_SPACE_INDEX,
    maskEncoding: MaskEncoding.MASK_ENCODING_RUN_LENGTHS,
  })) {
    const told = event?.event;
    if (told?.$case === 'maskChunk') chunks.push(told.value.data);
  }
  return Buffer.concat(chunks);
}
