/** Bounds of the command line, each with its reason. */

/** How long a server may take to accept a connection before it counts as not there. */
export const CONNECT_MS = 3000;

/** Ending a session is a courtesy: it must not hold up a user who has interrupted. */
export const DELETE_MS = 2000;

/** A server that was started again answers within seconds; one that is silent for longer is gone. */
export const PATIENCE_MS = 60_000;

/** First pause before a try is repeated; it doubles with each, for nobody is helped by a storm. */
export const FIRST_PAUSE_MS = 250;

/** Longest pause between tries, so that a server that is back is found soon. */
export const LONGEST_PAUSE_MS = 5000;

/** How often a progress line changes: more often than eyes follow costs time and says nothing. */
export const PROGRESS_MS = 100;

/** The speed that is shown is that of the last seconds, so that it follows the line. */
export const SPEED_WINDOW_MS = 5000;

/** What is remembered of an upload or a session that is over: servers forget after 30 days too. */
export const REMEMBERED_MS = 30 * 24 * 3_600_000;

/** Fewest digits that stand for a whole id: as many as the server's log shows. */
export const ID_PREFIX_DIGITS = 8;

/** A report names every file of its series and every one set apart: this is room for half a million. */
export const MOST_REPORT_BYTES = 64 * 2 ** 20;
