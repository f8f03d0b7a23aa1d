import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { SextantError } from '#errors';
import type { Identity } from './image-bytes.ts';
import { openStateRoom, type StateRoom } from './state-folder.ts';

/** An upload that was begun and is not finished. */
export interface Unfinished {
  readonly uploadId: string;
  /** SHA-256 of the file's bytes, as it was when the upload was begun. */
  readonly volumeId: string;
  /** Hexadecimal digits; there until the server has answered whether it holds the file. */
  readonly nonce: string | undefined;
}

/** Remembers one file's upload to one server, so that another call can go on with it. */
export interface UploadMemory {
  /** Whether another call of the program will know it too. */
  readonly lasts: boolean;
  recall(): Promise<Unfinished | undefined>;
  keep(upload: Unfinished): Promise<void>;
  forget(): Promise<void>;
}

const RECORD = z.object({
  server: z.string(),
  version: z.string(),
  uploadId: z.string(),
  volumeId: z.string(),
  nonce: z.string().optional(),
  holder: z.object({ host: z.string(), pid: z.int() }),
});

/**
 * What is known of a file's upload to `server`. A file that was changed since, by its identity, is
 * another file. While another process sends the same file, nothing is shared with it: two streams
 * of one upload would cut each other off.
 *
 * @throws SextantError FILE_UNREADABLE, FILE_UNWRITABLE when the state folder is not to be used
 */
export async function openUploadMemory(
  { server, identity: { place, version } }: { server: string; identity: Identity },
  options: { home?: string; warn: (line: string) => void },
): Promise<UploadMemory> {
  const room = await openStateRoom('uploads', options);
  // One record a file and server: what the file held before is of no use.
  const name = createHash('sha256').update(`${server}\n${place}`).digest('hex').slice(0, 32);
  const record = await room.read(name, RECORD.parse);
  if (record !== undefined && isOfAnother(record.holder)) return memoryOfThisCall();
  const found = record?.version === version ? record : undefined;
  return lastingMemory({ room, name, about: { server, version }, found, warn: options.warn });
}

/** For where nothing can be remembered: goes on within this call, and no further. */
export function memoryOfThisCall(): UploadMemory {
  let known: Unfinished | undefined;
  return {
    lasts: false,
    recall: async () => known,
    keep: async (upload) => {
      known = upload;
    },
    forget: async () => {
      known = undefined;
    },
  };
}

/**
 * In the state folder. When its disk is full, the upload goes on all the same, and is remembered no
 * longer than this call.
 */
function lastingMemory({
  room,
  name,
  about,
  found,
  warn,
}: {
  room: StateRoom;
  name: string;
  about: { server: string; version: string };
  found: z.infer<typeof RECORD> | undefined;
  warn: (line: string) => void;
}): UploadMemory {
  const now = memoryOfThisCall();
  let [earlier, lasts] = [found, true];
  const inRoom = async (work: Promise<void>) => {
    await work.catch((error) => {
      if (!(error instanceof SextantError)) throw error;
      if (lasts) warn(`another call could not go on with this upload: ${error.message}`);
      lasts = false;
    });
  };
  const keep = async (upload: Unfinished) => {
    await now.keep(upload);
    await inRoom(room.write(name, { ...about, ...upload, holder: thisProcess() }));
  };
  return {
    get lasts() {
      return lasts;
    },
    keep,
    async recall() {
      const known = await now.recall();
      if (known !== undefined || earlier === undefined) return known;
      const { uploadId, volumeId, nonce } = earlier;
      await keep({ uploadId, volumeId, nonce });
      return { uploadId, volumeId, nonce };
    },
    async forget() {
      earlier = undefined;
      await now.forget();
      await inRoom(room.remove(name));
    },
  };
}

function thisProcess(): { host: string; pid: number } {
  return { host: hostname(), pid: process.pid };
}

/** A process of another machine that shares the folder cannot be asked, and counts as gone. */
function isOfAnother({ host, pid }: { host: string; pid: number }): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
