import { type Code, type Reason, SextantError } from '#errors';

/** What a process's exit status says: --help and docs/CONFIGURATION.md are made from this table. */
export const EXITS = {
  ok: { status: 0, meaning: 'done' },
  failed: {
    status: 1,
    meaning: 'a failure without a better name: a bug, whose cause stands above',
  },
  usage: {
    status: 2,
    meaning: 'the command line, a variable, sextant.json, a pool file or a model is wrong',
  },
  input: { status: 3, meaning: 'the input is wrong or too large: points, image' },
  notFound: {
    status: 4,
    meaning: 'something named is not there or cannot be read: a model, a file, a session',
  },
  unavailable: {
    status: 5,
    meaning:
      'a port, a file or a folder is taken, full, damaged or read-only; or no server, engine or addon answers',
  },
  interrupted: { status: 130, meaning: 'interrupted by Ctrl-C' },
} as const;

type ExitName = keyof typeof EXITS;

/** The statuses alone, by name. */
export const EXIT_CODES = Object.fromEntries(
  Object.entries(EXITS).map(([name, { status }]) => [name, status]),
) as { readonly [N in ExitName]: (typeof EXITS)[N]['status'] };

const BY_CODE: Readonly<Record<Code, ExitName>> = {
  INVALID_ARGUMENT: 'input',
  FAILED_PRECONDITION: 'input',
  NOT_FOUND: 'notFound',
  DATA_LOSS: 'unavailable',
  RESOURCE_EXHAUSTED: 'unavailable',
  UNAVAILABLE: 'unavailable',
  DEADLINE_EXCEEDED: 'unavailable',
  CANCELLED: 'interrupted',
  INTERNAL: 'failed',
};

/** Where the code, which is made for clients of a server, says something else than the table. */
const BY_REASON: { readonly [R in Reason]?: ExitName } = {
  CONFIG_INVALID: 'usage',
  MODEL_INVALID: 'usage',
  VOLUME_TOO_LARGE: 'input',
  LIMIT_EXCEEDED: 'input',
  STORE_BUSY: 'unavailable',
  FILE_UNWRITABLE: 'unavailable',
  OUTPUT_EXISTS: 'unavailable',
  DECODER_STALLED: 'input',
  ENGINE_UNAVAILABLE: 'unavailable',
  ADDON_MISSING: 'unavailable',
  TENSOR_DISPOSED: 'failed',
  NETWORK_DISPOSED: 'failed',
};

/** The exit status for an error that ended the process. */
export function exitCodeOf(error: unknown): number {
  return EXITS[exitOf(error)].status;
}

function exitOf(error: unknown): ExitName {
  if (!(error instanceof SextantError)) return 'failed';
  // A full queue is no fault of the input: what waiting helps with is told by when to come again.
  if (error.retryAfterMs !== undefined) return 'unavailable';
  return BY_REASON[error.reason] ?? BY_CODE[error.code];
}
