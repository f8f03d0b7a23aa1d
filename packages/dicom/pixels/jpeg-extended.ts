import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SextantError } from '#errors';
import { projectRoot } from '#host/root';
import type { PixelLayout } from '../instance.ts';
import { corruptFrame } from './decode-error.ts';
import { unsupported } from './unsupported.ts';

/** Longer than any whole frame takes. */
const TIMEOUT_MS = 3500;

const PROGRAM = 'native/cuda-kernels/build/Release/sextant_jpeg_extended';

/** Whether the program that knows JPEG of 12 bits was built: libgdcm-dev was there. */
export function hasJpegExtended(): boolean {
  return existsSync(programPath());
}

/**
 * Decodes a code stream of JPEG processes 2 to 12 in a process of its own, which ends with it. The samples
 * are as wide as the layout allocates.
 *
 * @throws SextantError TRANSFER_SYNTAX_UNSUPPORTED without the program, DECODER_STALLED, VOLUME_CORRUPT
 */
export function decodeJpegExtended(
  stream: Uint8Array,
  layout: PixelLayout,
  name: string,
): Uint8Array {
  if (!hasJpegExtended()) {
    throw unsupported(
      name,
      'install libgdcm-dev and run npm run build:addon, or export it otherwise',
    );
  }
  const { rows, columns, samplesPerPixel, bitsAllocated } = layout;
  const expected = rows * columns * samplesPerPixel * (bitsAllocated / 8);
  const { status, stdout, error } = spawnSync(programPath(), {
    input: Buffer.concat([request(layout), stream]),
    maxBuffer: expected + 1,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (status === 0 && stdout.length === expected) return Uint8Array.from(stdout);
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') {
    throw new SextantError('DECODER_STALLED', {
      subject: 'pixel data',
      got: `a code stream that takes more than ${TIMEOUT_MS} ms`,
      expected: 'one that is decoded in seconds',
      remedy: 'try again when the machine is less loaded, or export the file again',
    });
  }
  throw corruptFrame('a code stream that cannot be decoded', 'a whole one');
}

function request(layout: PixelLayout): Buffer {
  const uid = Buffer.from(layout.transferSyntaxUid, 'latin1');
  const words = [
    layout.columns,
    layout.rows,
    layout.samplesPerPixel,
    layout.bitsAllocated,
    layout.bitsStored,
    layout.highBit,
    layout.isSigned ? 1 : 0,
    uid.length,
  ];
  const head = Buffer.alloc(4 * words.length);
  for (const [n, value] of words.entries()) head.writeUInt32LE(value, 4 * n);
  return Buffer.concat([head, uid]);
}

function programPath(): string {
  return fileURLToPath(new URL(PROGRAM, projectRoot()));
}
