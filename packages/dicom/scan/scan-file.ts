import { errnoWords } from '#errors';
import type { BrokenInstance, Scanned } from '../instance.ts';
import { SHORT_HEADER_BYTES } from '../limits.ts';
import { BeyondHead, type FileBytes, type Head, withHead } from './head.ts';
import { type Header, readHeader } from './header.ts';
import { instanceOf } from './instance-of.ts';
import { kindApart, NO_IMAGE, NOT_TOLD } from './kinds.ts';
import { UnreadableHeader } from './unreadable-header.ts';

/**
 * Says by its content what a file is, and of an image everything but its samples. Never throws: what
 * cannot be read is `broken` with a reason. Synchronous, for a worker thread.
 *
 * @param name what the user calls the file, for messages and reports
 */
export function scanFile(path: string, name: string): Scanned {
  return scanAs(path, name, {});
}

/**
 * The same of a file with a short header and one frame, which bounds what it can do to who reads it:
 * undefined of others, and of what cannot be read: a thread of its own has more room for sequences within
 * sequences.
 */
export function scanShort(path: string, name: string): Scanned | undefined {
  try {
    const scanned = scanAs(path, name, { most: SHORT_HEADER_BYTES, mostFrames: 1 });
    return scanned.what === 'broken' ? undefined : scanned;
  } catch (error) {
    if (error instanceof BeyondHead) return undefined;
    throw error;
  }
}

function scanAs(
  path: string,
  name: string,
  { most, mostFrames }: { most?: number; mostFrames?: number },
): Scanned {
  const known: { seriesUid?: string | undefined } = {};
  try {
    const use = (head: Head, file: FileBytes): Scanned => {
      const header = readHeader(head, file);
      if (header === undefined) return apart(path, name, 'NOT_DICOM');
      known.seriesUid = header.attributes.string('x0020000e');
      // Each of them takes time and memory, and a header can say a million.
      const frames = header.attributes.integer('x00280008') ?? 1;
      if (mostFrames !== undefined && frames > mostFrames) throw new BeyondHead();
      return scanned(header, path, name);
    };
    return withHead(path, use, most);
  } catch (error) {
    if (error instanceof BeyondHead) throw error;
    return { what: 'broken', broken: { path, name, ...known, ...whyBroken(error) } };
  }
}

function scanned(header: Header, path: string, name: string): Scanned {
  const { attributes, sopClassUid, failure } = header;
  const kind = kindApart(attributes, sopClassUid);
  // What is no image needs no more of its header than that; a short one may be an image.
  const isOther = kind !== NO_IMAGE && kind !== NOT_TOLD;
  if (kind !== undefined && (failure === undefined || isOther)) {
    return apart(path, name, kind);
  }
  if (failure !== undefined) throw failure;
  return { what: 'instance', instance: instanceOf(header, { path, name }) };
}

function apart(path: string, name: string, kind: string): Scanned {
  return { what: 'apart', apart: { path, name, kind } };
}

function whyBroken(error: unknown): Pick<BrokenInstance, 'reason' | 'message'> {
  if (error instanceof UnreadableHeader) return { reason: error.reason, message: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    // It was found in its folder a moment ago.
    return {
      reason: 'FILE_UNREADABLE',
      message: 'a link that leads nowhere, or a file that is gone',
    };
  }
  if (code !== undefined) return { reason: 'FILE_UNREADABLE', message: errnoWords(error) };
  // Sequences within sequences beyond what the parser's own calls can follow.
  const told = error instanceof Error ? error.message : String(error);
  return { reason: 'VOLUME_CORRUPT', message: `the header cannot be read: ${told}` };
}
