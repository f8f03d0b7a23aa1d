import { z } from 'zod';
import { nearest, SextantError } from '#errors';
import type { Grid } from '#geometry';
import type { Session } from '#proto/sextant/v1/session';
import { fromGridMessage } from '#rpc';
import { ID_PREFIX_DIGITS } from './limits.ts';
import { openStateRoom } from './state-folder.ts';

/** A session that this user has opened, as it was when the server was last asked. */
export interface KnownSession {
  readonly sessionId: string;
  /** As --server named it. */
  readonly server: string;
  /** Name of the image's file, without its folder. */
  readonly image: string;
  readonly volumeId: string;
  readonly grid: Grid;
  readonly frame?: number | undefined;
  readonly createdMs: number;
  readonly expiresMs: number;
}

/** The sessions that this user's commands have opened, on whatever server. */
export interface SessionMemory {
  /** The oldest first. */
  list(): Promise<KnownSession[]>;
  keep(session: KnownSession): Promise<void>;
  forget(sessionId: string): Promise<void>;
}

const ID = /^[0-9a-f]{32}$/;
/** Stands for the session that was opened last: a word that no id begins with. */
const LAST = 'last';

const RECORD = z.object({
  sessionId: z.string().regex(ID),
  server: z.string(),
  image: z.string(),
  volumeId: z.string(),
  grid: z.object({
    shape: z.tuple([z.number(), z.number(), z.number()]),
    affine: z.array(z.number()).length(16),
  }),
  frame: z.int().optional(),
  createdMs: z.number(),
  expiresMs: z.number(),
});

/** @throws SextantError FILE_UNREADABLE, FILE_UNWRITABLE when the state folder is not to be used */
export async function openSessionMemory(options: {
  home?: string;
  warn: (line: string) => void;
}): Promise<SessionMemory> {
  const room = await openStateRoom('sessions', options);
  return {
    async list() {
      const known: KnownSession[] = [];
      for (const name of await room.names()) {
        const record = await room.read(name, RECORD.parse);
        if (record !== undefined) known.push(record);
      }
      return known.sort((a, b) => a.createdMs - b.createdMs);
    },
    keep: (session) => room.write(session.sessionId, session),
    forget: (sessionId) => room.remove(sessionId),
  };
}

/** What a server tells of a session, in the form that is remembered. */
export function knownSession(
  session: Session | undefined,
  { server, image }: { server: string; image: string },
): KnownSession {
  const { sessionId = '', volumeId = '', frame, createTime, expireTime } = session ?? {};
  if (!ID.test(sessionId)) throw notOfAServer(server);
  return {
    ...{ sessionId, server, image, volumeId, frame },
    grid: fromGridMessage(session?.grid),
    createdMs: createTime?.getTime() ?? 0,
    expiresMs: expireTime?.getTime() ?? 0,
  };
}

/**
 * The session that a user names: by its whole id, by its first digits where they fit one that is
 * known, or as the `last` of those. A whole id that is not known is good with a server.
 *
 * @throws SextantError CONFIG_INVALID, SESSION_UNKNOWN
 */
export function sessionNamed(
  given: string,
  {
    subject,
    known,
    server,
  }: {
    subject: string;
    /** The oldest first. */
    known: readonly KnownSession[];
    server?: string;
  },
): { sessionId: string; server: string; image?: string } {
  const id = given.trim().toLowerCase();
  const there = known.filter((session) => server === undefined || session.server === server);
  const last = there.at(-1);
  if (id === LAST && last !== undefined) return last;
  if (id === LAST) throw unknownSession(subject, given, []);
  if (!/^[0-9a-f]+$/.test(id) || id.length > 32) throw notAnId(subject, given);
  if (id.length < ID_PREFIX_DIGITS) throw notAnId(subject, given);
  const fitting = there.filter(({ sessionId }) => sessionId.startsWith(id));
  const [first, second] = fitting;
  if (second !== undefined) throw severalFit(subject, given, fitting.length);
  if (first !== undefined) return first;
  if (server !== undefined && ID.test(id)) return { sessionId: id, server };
  throw unknownSession(subject, given, known);
}

function notOfAServer(server: string): SextantError {
  return new SextantError('INTERNAL', {
    subject: server,
    got: 'a session whose id has another form',
    expected: '32 hexadecimal digits',
    remedy: 'ask whoever runs that server',
  });
}

function notAnId(subject: string, given: string): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject,
    got: JSON.stringify(given.slice(0, 80)),
    expected: `a session's id, 32 hexadecimal digits, its first ${ID_PREFIX_DIGITS} or more, or ${LAST}`,
    remedy: '`sextant sessions` lists yours',
  });
}

function severalFit(subject: string, given: string, count: number): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject,
    got: `${given}, which ${count} sessions begin with`,
    expected: 'digits that one session begins with',
    remedy: 'give more of them, or --server',
  });
}

function unknownSession(
  subject: string,
  given: string,
  known: readonly KnownSession[],
): SextantError {
  const near = nearest(
    given,
    known.map(({ sessionId }) => sessionId.slice(0, given.length)),
  );
  const remedy = near === undefined ? '`sextant sessions` lists yours' : `did you mean ${near}?`;
  return new SextantError('SESSION_UNKNOWN', {
    subject,
    got: given,
    expected: 'a session that `sextant upload` of this user has opened, or a whole id and --server',
    remedy,
  });
}
