import { type Code, SextantError } from '#errors';

/** What a process's exit status says. The one table: README and --help quote it. */
export const EXIT_CODES = {
  ok: 0,
  /** A bug, or a failure without a better name. */
  failed: 1,
  /** The command line, a variable or sextant.json is wrong. */
  usage: 2,
  /** The input is wrong: points, image, pool file. */
  input: 3,
  /** Something named does not exist: a model, a file, a session. */
  notFound: 4,
  /** A port, a file or a folder is taken, full or cannot be written; or a server is not there. */
  unavailable: 5,
  /** Interrupted by Ctrl-C (as shells have it: 128 + SIGINT). */
  interrupted: 130,
} as const;

const BY_CODE: Record<Code, number> = {
  INVALID_ARGUMENT: EXIT_CODES.input,
  FAILED_PRECONDITION: EXIT_CODES.input,
  DATA_LOSS: EXIT_CODES.input,
  NOT_FOUND: EXIT_CODES.notFound,
  RESOURCE_EXHAUSTED: EXIT_CODES.unavailable,
  UNAVAILABLE: EXIT_CODES.unavailable,
  DEADLINE_EXCEEDED: EXIT_CODES.unavailable,
  CANCELLED: EXIT_CODES.interrupted,
  INTERNAL: EXIT_CODES.failed,
};

/** The exit status for an error that ended the process. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof SextantError)) return EXIT_CODES.failed;
  return error.reason === 'CONFIG_INVALID' ? EXIT_CODES.usage : BY_CODE[error.code];
}
