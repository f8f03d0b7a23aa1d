import { createHash, timingSafeEqual } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { SextantError } from '#errors';
import { FewAtOnce } from './few-at-once.ts';
import { isVolumeId } from './ids.ts';
import { STORE_LIMITS } from './limits.ts';
import type { UploadRecord } from './records.ts';

/** What a client shows instead of a volume's bytes. */
export interface Claim {
  readonly volumeId: string;
  /** SHA-256 of the upload's nonce, then the bytes: hexadecimal digits. */
  readonly proof: string;
}

const PROOF = /^[0-9a-f]{64}$/;

/**
 * Checks a claim before any byte is read. Throws `ARGUMENT_INVALID` for another form or another
 * volume than was announced, `POSSESSION_UNPROVEN` when another claim was tried before or the
 * upload has ended without this one.
 */
export function assertClaim(claim: Claim, { announcedId, claim: tried, done }: UploadRecord): void {
  assertVolumeId(claim.volumeId);
  if (!PROOF.test(claim.proof)) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'proof',
      got: `${claim.proof.length / 2} bytes`,
      expected: 'the 32 bytes of a SHA-256',
    });
  }
  if (announcedId !== undefined && announcedId !== claim.volumeId) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'volume_id',
      got: claim.volumeId,
      expected: `${announcedId}, which CreateUpload announced`,
    });
  }
  const ended = done !== undefined && tried === undefined;
  const spent = tried !== undefined && (tried.failed === true || !isSame(tried, claim));
  if (ended || spent) throw unproven();
}

/** Throws `ARGUMENT_INVALID` unless `volumeId` has the form of a digest. */
export function assertVolumeId(volumeId: string): void {
  if (isVolumeId(volumeId)) return;
  throw new SextantError('ARGUMENT_INVALID', {
    subject: 'volume_id',
    got: `${volumeId.length} characters of another form`,
    expected: '64 lower-case hexadecimal digits, the SHA-256 of the file',
  });
}

/** The one answer to a wrong proof and to a volume that is not here: which it was is not told. */
export function unproven(): SextantError {
  return new SextantError('POSSESSION_UNPROVEN', {
    subject: 'volume',
    got: 'no proof that the client holds its bytes',
    expected: 'the SHA-256 of the nonce and the bytes of a volume that the server holds',
    remedy: 'send the bytes with UploadVolume',
  });
}

/** Checks proofs, a few at a time. */
export class Possession {
  readonly #turns = new FewAtOnce(STORE_LIMITS.proofsAtOnce);

  /**
   * Whether the claim's proof is the one that only a holder of the bytes can make. Without a `path`
   * (no such volume) as many bytes are digested all the same: the time taken does not tell either.
   */
  async isProven(
    { proof }: Claim,
    upload: { nonce: string; sizeBytes: number; path: string | undefined },
    signal: AbortSignal,
  ): Promise<boolean> {
    return await this.#turns.run(signal, async () => {
      const hash = createHash('sha256').update(Buffer.from(upload.nonce, 'hex'));
      // Nothing has no size: its "bytes" are zeros without end.
      const file = await open(upload.path ?? '/dev/zero', 'r').catch(unlessGone);
      try {
        const whole =
          file !== undefined && (await digestInto(hash, file, upload.sizeBytes, signal));
        const same = timingSafeEqual(hash.digest(), Buffer.from(proof, 'hex'));
        return whole && same && upload.path !== undefined;
      } finally {
        await file?.close();
      }
    });
  }
}

/**
 * Digests a file's first `sizeBytes`; false when it has fewer. A piece is small, so that between
 * two of them the event loop answers others.
 */
async function digestInto(
  hash: ReturnType<typeof createHash>,
  file: FileHandle,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<boolean> {
  const piece = Buffer.allocUnsafe(STORE_LIMITS.proofPieceBytes);
  for (let position = 0; position < sizeBytes; ) {
    signal.throwIfAborted();
    const length = Math.min(piece.length, sizeBytes - position);
    const { bytesRead } = await file.read(piece, 0, length);
    if (bytesRead === 0) return false;
    hash.update(piece.subarray(0, bytesRead));
    position += bytesRead;
  }
  return true;
}

function isSame(a: Claim, b: Claim): boolean {
  return (
    a.volumeId === b.volumeId &&
    timingSafeEqual(Buffer.from(a.proof, 'hex'), Buffer.from(b.proof, 'hex'))
  );
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
