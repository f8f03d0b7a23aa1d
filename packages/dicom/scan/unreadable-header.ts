import type { Failure } from './elements.ts';

/** A file that is DICOM and whose header cannot be read. */
export class UnreadableHeader extends Error {
  readonly reason: 'VOLUME_CORRUPT' | 'VOLUME_TRUNCATED' | 'TRANSFER_SYNTAX_UNSUPPORTED';

  constructor(reason: UnreadableHeader['reason'], message: string) {
    super(message);
    this.reason = reason;
  }

  static of(failure: Failure | undefined): UnreadableHeader | undefined {
    if (failure === undefined) return undefined;
    const reason = failure.isShort ? 'VOLUME_TRUNCATED' : 'VOLUME_CORRUPT';
    return new UnreadableHeader(reason, failure.message);
  }
}
