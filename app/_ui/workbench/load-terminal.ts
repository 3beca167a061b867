'use client';

export const loadTerminal = () => import('#app/_terminal/Terminal.tsx');

/** Fetches the terminal's code ahead of its first use, so that opening a task waits for its shell only. */
export function warmTerminal(): void {
  // What fails here fails again, with words, when the terminal is opened.
  Promise.all([
    loadTerminal(),
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/addon-search'),
    import('@xterm/addon-web-links'),
    import('@xterm/addon-unicode11'),
  ]).catch(() => undefined);
}
