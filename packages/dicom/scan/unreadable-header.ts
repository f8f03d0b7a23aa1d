/** A file that is DICOM and whose header cannot be read. */
export class UnreadableHeader extends Error {
  readonly reason: 'VOLUME_CORRUPT' | 'VOLUME_TRUNCATED' | 'VOLUME_TYPE_UNSUPPORTED';

  constructor(reason: UnreadableHeader['reason'], message: string) {
    super(message);
    this.reason = reason;
  }

  /** dicom-parser throws texts as well as errors. */
  static because(cause: unknown, what = 'the header cannot be read'): UnreadableHeader {
    const told = cause instanceof Error ? cause.message : String(cause);
    return new UnreadableHeader('VOLUME_CORRUPT', `${what}: ${told}`);
  }
}
