/** How task and terminal share the page, kept in cookies so that the server draws it as it was left. */
export const LAYOUT_COOKIE = 'drydock-layout';
const SPLIT_COOKIES = { split: 'drydock-split', stacked: 'drydock-stacked' } as const;

/** Side by side, or the terminal under the task. */
export type Layout = keyof typeof SPLIT_COOKIES;

/** The task's share in percent; the terminal has the rest. */
export const SHARES = {
  split: { least: 24, most: 50, usual: 38 },
  stacked: { least: 18, most: 60, usual: 38 },
} as const;

export interface Arrangement {
  layout: Layout;
  /** The task's share in each layout. */
  percent: Record<Layout, number>;
}

/** @param cookie reads a cookie by its name */
export function parseArrangement(cookie: (name: string) => string | undefined): Arrangement {
  return {
    layout: cookie(LAYOUT_COOKIE) === 'stacked' ? 'stacked' : 'split',
    percent: {
      split: parseShare('split', cookie(SPLIT_COOKIES.split)),
      stacked: parseShare('stacked', cookie(SPLIT_COOKIES.stacked)),
    },
  };
}

function parseShare(layout: Layout, text: string | undefined): number {
  const { least, most, usual } = SHARES[layout];
  const percent = Number(text);
  if (text === undefined || text === '' || !Number.isFinite(percent)) return usual;
  return Math.min(most, Math.max(least, percent));
}

const YEAR_SECONDS = 365 * 24 * 60 * 60;

function keep(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=strict`;
}

export function keepLayout(layout: Layout): void {
  keep(LAYOUT_COOKIE, layout);
}

export function keepShare(layout: Layout, percent: number): void {
  keep(SPLIT_COOKIES[layout], percent.toFixed(1));
}
