import { LOGGED_SESSION_DIGITS } from './limits.ts';

const FORM = /^[0-9a-f]{32}$/;

/**
 * A session as the log names it: the whole id would open the image to whoever reads the log, and what
 * has not the form of one may be anything that a caller has.
 */
export function shortSession(sessionId: string): string {
  return FORM.test(sessionId) ? sessionId.slice(0, LOGGED_SESSION_DIGITS) : 'no session id';
}
