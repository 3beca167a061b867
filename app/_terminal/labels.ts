/** The words of a terminal, in the reader's language. */
export interface TerminalLabels {
  /** Name of the terminal for screen readers. */
  name: string;
  connecting: string;
  connected: string;
  disconnected: string;
  refused: string;
  ended: string;
  closed: string;
  over: string;
  restart: string;
  search: string;
  previous: string;
  next: string;
  close: string;
  noMatch: string;
  smaller: string;
  larger: string;
  screenReader: string;
  /** The colours of the screen, by what they follow. */
  colours: { page: string; light: string; dark: string };
  /** With {lines} where the number goes. */
  pasteQuestion: string;
  paste: string;
  cancel: string;
  watching: string;
  takeOver: string;
  /** Before the text itself. */
  unsent: string;
  typeAgain: string;
  discard: string;
}
