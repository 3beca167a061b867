import type { Screen } from './screen.ts';

export interface KeyActions {
  watching: () => boolean;
  ended: () => boolean;
  restart: () => void;
  takeOver: () => void;
  search: () => void;
  neighbour: (step: -1 | 1) => void;
}

/** The keys that belong to the page and not to the shell, and what is copied by selecting. */
export function takeKeys(screen: Screen, host: HTMLElement, signal: AbortSignal, actions: KeyActions): void {
  const { terminal } = screen;
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true;
    // F6 belongs to the page: it is the keyboard's way out of a terminal, which takes Tab for itself.
    if (event.key === 'F6') return false;
    const taken = shortcut(event, screen, actions);
    if (taken === 'browser') return false;
    if (taken === undefined) return true;
    event.preventDefault();
    taken();
    return false;
  });
  // Only a selection that was begun here: one in the task's text must not bring an older one of the terminal back.
  let begun = false;
  host.addEventListener('mousedown', () => (begun = true), { capture: true, signal });
  document.addEventListener(
    'mouseup',
    () => {
      if (begun) copySelection(screen);
      begun = false;
    },
    { signal },
  );
}

/** What a key does; `browser` leaves it to the browser, undefined to the shell. */
function shortcut(event: KeyboardEvent, screen: Screen, actions: KeyActions): (() => void) | 'browser' | undefined {
  if (event.ctrlKey && event.shiftKey && !event.altKey) {
    if (event.code === 'KeyF') return actions.search;
    if (event.code === 'KeyC') return () => copySelection(screen);
    // The browser's own paste follows and comes as a paste event.
    if (event.code === 'KeyV') return 'browser';
    if (event.code === 'ArrowLeft') return () => actions.neighbour(-1);
    if (event.code === 'ArrowRight') return () => actions.neighbour(1);
  }
  if (event.key === 'Enter' && actions.watching()) return actions.takeOver;
  if (event.key === 'Enter' && actions.ended()) return actions.restart;
  // Nothing that is typed would arrive: Tab then leads on, as everywhere else on the page.
  return actions.watching() ? 'browser' : undefined;
}

function copySelection({ terminal }: Screen): void {
  const text = terminal.getSelection();
  if (text === '') return;
  // Refused where the page is not served securely or the reader forbade it; selecting still works, and so does the browser's menu.
  navigator.clipboard?.writeText(text).catch(() => undefined);
}
