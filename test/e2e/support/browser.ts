/** Chromium without what talks to its maker's servers. */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts it; the set-up of `npm test` installs that. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The terminal then draws its text as text, which can be read.
  '--disable-3d-apis',
];
/** Milliseconds that any one step of a journey may take on a busy machine. */
const STEP_MS = 20_000;

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** What a page complained about that its journey did not announce. */
export class Complaints {
  readonly #expected: RegExp[] = [];
  readonly #heard: string[] = [];

  /** From now on, complaints that match are part of the journey. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** The complaints heard since the last call. */
  take(): string[] {
    return this.#heard.splice(0).filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }

  listen(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error') this.#heard.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#heard.push(`uncaught: ${String(error.error())}`));
  }
}

/** A browser profile of its own: cookies, language, colours. English, light and 1440 wide unless told otherwise. */
export async function newContext(
  browser: Browser,
  complaints: Complaints,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-GB',
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(STEP_MS);
  complaints.listen(context);
  return context;
}

/** Whether the page's keyboard focus can be seen: an outline or a border that it has only while focused. */
export async function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return false;
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1;
  });
}
