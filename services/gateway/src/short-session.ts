import { LOGGED_SESSION_DIGITS } from './limits.ts';

/** A session as the log names it: the whole id would open the image to whoever reads the log. */
export function shortSession(sessionId: string): string {
  return sessionId.slice(0, LOGGED_SESSION_DIGITS);
}
