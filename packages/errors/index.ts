export { SextantError, abortError, type SextantErrorDetails } from './sextant-error.ts';
export { REASONS, type Code, type Reason } from './reasons.ts';
export { nearest } from './nearest.ts';
