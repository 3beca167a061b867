/** How this reader likes terminals; kept in the browser. */
export interface TerminalPreferences {
  /** CSS pixels. */
  fontSize: number;
  screenReader: boolean;
  /** `page`: light or dark as the page is. */
  colours: Colours;
}

/** In the order in which a button goes through them. */
export const COLOURS = ['page', 'light', 'dark'] as const;
export type Colours = (typeof COLOURS)[number];

const KEY = 'drydock.terminal';
export const FONT_SIZES = { smallest: 10, usual: 14, largest: 28 } as const;

export function readPreferences(): TerminalPreferences {
  const usual: TerminalPreferences = { fontSize: FONT_SIZES.usual, screenReader: false, colours: 'page' };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return usual;
    const { fontSize, screenReader, colours } = kept as Record<string, unknown>;
    return {
      fontSize: typeof fontSize === 'number' ? within(fontSize) : usual.fontSize,
      screenReader: screenReader === true,
      colours: COLOURS.find((one) => one === colours) ?? usual.colours,
    };
  } catch {
    // Storage may be forbidden or hold something else: then things are as usual.
    return usual;
  }
}

export function keepPreferences(preferences: TerminalPreferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Storage may be forbidden: the choice then holds until the page is left.
  }
}

export const within = (fontSize: number): number =>
  Math.min(FONT_SIZES.largest, Math.max(FONT_SIZES.smallest, Math.round(fontSize)));
