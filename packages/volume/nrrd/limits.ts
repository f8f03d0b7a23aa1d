/**
 * Characters of one number written as text.
 * @internal
 */
export const LONGEST_NUMBER = 64;
