import { basename } from 'node:path';
import type { Vec3 } from '#geometry';
import { decodeFrames } from '../pixels/decode-frames.ts';
import { scanFile } from '../scan/scan-file.ts';

export interface ReadInstance {
  readonly positionLpsMm: Vec3;
  /** Stored values of the first frame, of 16 bits. */
  readonly samples: Uint16Array;
}

/** The first frame of each file, decoded here and now: for tests and benches. */
export async function readInstances(paths: readonly string[]): Promise<ReadInstance[]> {
  const read: ReadInstance[] = [];
  for (const path of paths) {
    const scanned = scanFile(path, basename(path));
    if (scanned.what !== 'instance') throw new Error(`${path} is no image`);
    const { name, pixels: layout, location, frames } = scanned.instance;
    const { bytes } = await decodeFrames({ path, name, layout, location, frames: [0] });
    const samples = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    read.push({ positionLpsMm: frames[0]?.positionLpsMm ?? [0, 0, 0], samples });
  }
  return read;
}
