/** Lines from which a paste is asked about, where the program at the other end can tell a paste from typing (bracketed paste). */
const MANY_LINES = 50;
/** Without that, each line runs as it arrives. */
const MANY_BARE_LINES = 5;

/** How many lines a paste would run or insert, if that deserves a question; 0 if not. */
export function linesToAskAbout(text: string, bracketed: boolean): number {
  const lines = text.replace(/\r?\n$/, '').split(/\r\n|\r|\n/).length;
  return lines >= (bracketed ? MANY_LINES : MANY_BARE_LINES) ? lines : 0;
}
