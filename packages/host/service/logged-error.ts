import { SextantError } from '#errors';

/** An error in the log: enough to find the mistake, nothing of a path, a file or a caller's text. */
export interface LoggedError {
  readonly type: string;
  /** Of the system (`ENOENT`, with its call) or of Sextant. */
  readonly code?: string;
  /** The program's own words; absent where others' words may stand in them. */
  readonly message?: string;
  /** Where it was thrown, by files of the program without their folders. */
  readonly stack: readonly string[];
  readonly cause?: LoggedError;
}

/** How deep causes are followed: they are made by wrapping upward, a few layers at most. */
const DEPTH = 8;

/**
 * What of a thrown value goes into the log at info level. A message of the system has the path in
 * it, one of Sextant what was found in a file: of both only the code is told. A mistake of the
 * program or of an engine tells its message, without paths and what stands in quotes.
 */
export function loggedError(thrown: unknown, depth = DEPTH): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, stack: [] };
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  const told =
    thrown instanceof SextantError
      ? {
          code: thrown.reason,
          ...(thrown.code === 'INTERNAL' && { message: bare(thrown.message) }),
        }
      : typeof code === 'string'
        ? { code: syscall === undefined ? code : `${code} ${syscall}` }
        : { message: bare(thrown.message) };
  const { cause } = thrown;
  return {
    type: thrown.name,
    ...told,
    stack: placesIn(thrown.stack ?? ''),
    ...(cause === undefined || depth === 0 ? {} : { cause: loggedError(cause, depth - 1) }),
  };
}

function bare(message: string): string {
  return message.replace(/(['"`]).*\1/gs, '"…"').replace(/\S*[/\\]\S*/g, '…');
}

/** `at run (file:///srv/sextant/dist/gateway/main.js:12:5)` -> `run (main.js:12:5)`. */
function placesIn(stack: string): string[] {
  return [...stack.matchAll(/^ +at (?:(\S+) \()?.*?([^/\\ (]+:\d+:\d+)\)?$/gm)].map(
    ([, name, place]) => (name === undefined ? String(place) : `${name} (${place})`),
  );
}
