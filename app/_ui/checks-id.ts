/** The check list's element, where a page scrolls to when checks have run. */
export const CHECKS_ID = 'checks';
