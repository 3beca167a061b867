import type { SearchAddon } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';
import { THEMES } from './themes.ts';

export interface ScreenOptions {
  theme: 'light' | 'dark';
  fontSize: number;
  screenReader: boolean;
  label: string;
}

export interface Size {
  cols: number;
  rows: number;
}

/** xterm with its addons, drawn into an element. */
export interface Screen {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** The size that fills the element, undefined while it has none (hidden). */
  fitting(): Size | undefined;
  resize(size: Size): void;
  /** Whether this page answers what programs ask of the terminal; only one of several on the same shell may. */
  answers: boolean;
  apply(options: ScreenOptions): void;
  dispose(): void;
}

/** Lines above the screen kept in the page. */
const SCROLLBACK = 5_000;
const SMALLEST: Size = { cols: 20, rows: 5 };

/** Loads xterm, which needs a browser, and opens it. */
export async function openScreen(host: HTMLElement, options: ScreenOptions): Promise<Screen> {
  const [{ Terminal }, { FitAddon }, { SearchAddon }, { WebLinksAddon }, { Unicode11Addon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/addon-search'),
    import('@xterm/addon-web-links'),
    import('@xterm/addon-unicode11'),
  ]);
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: getComputedStyle(host).fontFamily,
    fontSize: options.fontSize,
    minimumContrastRatio: 4.5,
    rightClickSelectsWord: false,
    scrollback: SCROLLBACK,
    screenReaderMode: options.screenReader,
    theme: THEMES[options.theme],
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon((_event, uri) => window.open(uri, '_blank', 'noopener,noreferrer')));
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.open(host);
  const seenAgain = await drawByGpu(terminal);
  const onVisibility = (): void => {
    if (document.visibilityState === 'visible') seenAgain();
  };
  document.addEventListener('visibilitychange', onVisibility);

  const screen: Screen = {
    terminal,
    search,
    answers: false,
    fitting() {
      const size = fit.proposeDimensions();
      if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return undefined;
      return { cols: Math.max(SMALLEST.cols, size.cols), rows: Math.max(SMALLEST.rows, size.rows) };
    },
    resize({ cols, rows }) {
      if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows);
    },
    apply(next) {
      terminal.options.theme = THEMES[next.theme];
      terminal.options.fontSize = next.fontSize;
      terminal.options.screenReaderMode = next.screenReader;
      terminal.textarea?.setAttribute('aria-label', next.label);
    },
    dispose() {
      document.removeEventListener('visibilitychange', onVisibility);
      terminal.dispose();
    },
  };
  screen.apply(options);
  leaveAnswersToLeader(screen);
  return screen;
}

/**
 * Draws by WebGL where a GPU does it. In software it is slower than xterm's own renderer and was seen to lose glyphs, so there, without WebGL,
 * and when the browser takes it away, the DOM is drawn instead: it looks the same.
 * @returns what to do when the page is seen again: the browser may have dropped the drawn glyphs meanwhile
 */
async function drawByGpu(terminal: Terminal): Promise<() => void> {
  const probe = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (probe === null) return () => undefined;
  probe.getExtension('WEBGL_lose_context')?.loseContext();
  const { WebglAddon } = await import('@xterm/addon-webgl');
  try {
    const webgl = new WebglAddon();
    let lost = false;
    webgl.onContextLoss(() => {
      lost = true;
      webgl.dispose();
    });
    terminal.loadAddon(webgl);
    return () => {
      if (!lost) webgl.clearTextureAtlas();
    };
  } catch {
    // The probe got a context and the addon did not, as when a browser has given out all it has; xterm's own renderer stays.
    return () => undefined;
  }
}

/** Swallows the queries of programs (device attributes, cursor position, modes, colours) while another page answers them. */
function leaveAnswersToLeader(screen: Screen): void {
  const { parser } = screen.terminal;
  const silent = (): boolean => !screen.answers;
  for (const id of [
    { final: 'c' },
    { prefix: '>', final: 'c' },
    { final: 'n' },
    { prefix: '?', final: 'n' },
    { intermediates: '$', final: 'p' },
    { prefix: '?', intermediates: '$', final: 'p' },
  ]) {
    parser.registerCsiHandler(id, silent);
  }
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, silent);
  for (const colour of [4, 10, 11, 12]) parser.registerOscHandler(colour, (data) => silent() && data.includes('?'));
}
