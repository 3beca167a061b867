/** The task's share of the width, kept in a cookie so that the server draws the page as it was left. */
export const SPLIT_COOKIE = 'drydock-split';

export const TASK_MIN_PERCENT = 24;
/** The terminal keeps at least 60 %. */
export const TASK_MAX_PERCENT = 40;
const TASK_DEFAULT_PERCENT = 38;

export function parseSplit(text: string | undefined): number {
  const percent = Number(text);
  if (text === undefined || !Number.isFinite(percent)) return TASK_DEFAULT_PERCENT;
  return Math.min(TASK_MAX_PERCENT, Math.max(TASK_MIN_PERCENT, percent));
}
