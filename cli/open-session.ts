import { basename } from 'node:path';
import { SextantError } from '#errors';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { createClient, type openChannel } from '#rpc';
import { aboutImage } from '#volume';
import { type ImagePlace, imageBytes } from './image-bytes.ts';
import { patience, withPatience } from './patience.ts';
import { type Sent, sendImage } from './send-image.ts';
import { type KnownSession, knownSession } from './session-memory.ts';
import { memoryOfThisCall, openUploadMemory, type UploadMemory } from './upload-memory.ts';
import { withWayOn } from './way-on.ts';

/** An image that a server holds, with a session on it. */
export interface Opened {
  readonly session: KnownSession;
  readonly sent: Sent;
  readonly sizeBytes: number;
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
}

export interface OpenOptions {
  readonly channel: ReturnType<typeof openChannel>;
  readonly server: string;
  /** Whether the file is header and voxels in one, and not half of a pair. */
  readonly singleFile: boolean;
  /** Without a state folder: refuse, or go on without going on after a cut in another call. */
  readonly mustRemember: boolean;
  readonly show: (text: string) => void;
  readonly say: (line: string) => void;
}

/**
 * The way from a file to a session, for `upload` and for `annotate` alike: send what the server
 * does not hold, open a session on it.
 */
export async function openSession(place: ImagePlace, options: OpenOptions): Promise<Opened> {
  const { channel, server, singleFile, show, say } = options;
  const { signal, givenPath } = place;
  try {
    const image = await imageBytes(place, singleFile);
    const memory = await memoryOf({ server, identity: image.identity }, options);
    const waiting = patience({ signal, say });
    const sent = await sendImage(image, { channel, memory, signal, show, patience: waiting });
    show('opening a session');
    const { receipt } = sent;
    const request = image.frame === undefined ? { receipt } : { receipt, frame: image.frame };
    const sessions = createClient(SessionServiceDefinition, channel);
    const { session, warnings } = await withPatience(waiting, () =>
      sessions.createSession(request, { signal }),
    ).catch((error) => {
      const lost = 'the server holds the image: run the same command again';
      throw withWayOn(error, { signal, lost, interrupted: lost });
    });
    const about = { server, image: basename(givenPath) };
    const { sizeBytes } = image;
    return { session: knownSession(session, about), sent, sizeBytes, warnings };
  } catch (error) {
    throw aboutImage(error, givenPath);
  }
}

async function memoryOf(
  about: Parameters<typeof openUploadMemory>[0],
  { mustRemember, say }: OpenOptions,
): Promise<UploadMemory> {
  try {
    return await openUploadMemory(about, { warn: (line) => say(`warning: ${line}`) });
  } catch (error) {
    if (mustRemember || !(error instanceof SextantError)) throw error;
    return memoryOfThisCall();
  }
}
