export { errnoWords } from './errno-words.ts';
export { nearest } from './nearest.ts';
export { type Code, REASONS, type Reason } from './reasons.ts';
export { abortError, SextantError, type SextantErrorDetails } from './sextant-error.ts';
export { shortened } from './shortened.ts';
export { unlessAborted } from './unless-aborted.ts';
