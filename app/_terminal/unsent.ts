/** What was typed and may never have reached the shell. */

/** Characters kept of it; more is a paste that is still in the clipboard. */
const KEPT_CHARS = 4_000;
/** Around a paste, where the program asked for it. */
const PASTE_BEGINS = '\u001B[200~';
const PASTE_ENDS = '\u001B[201~';

export interface Unsent {
  /** Handed to the connection. */
  sent(text: string): void;
  /** The server has given this many bytes of it to the shell. */
  received(bytes: number): void;
  /** Typed while there was no connection. */
  missed(text: string): void;
  /** The connection is gone, or another page types now: what is under way counts as lost. */
  lost(): void;
  /** Milliseconds on the caller's clock since when something sent waits for its answer; undefined when nothing does. */
  waitingSince(): number | undefined;
  /** The text that did not arrive, as far as known, since it was last forgotten. */
  readonly text: string;
  forget(): void;
}

/** @param now a clock in milliseconds that never goes back */
export function trackUnsent(now: () => number): Unsent {
  const underWay: { bytes: number; text: string; at: number }[] = [];
  let text = '';
  const keep = (more: string): void => {
    // Reports of mouse and focus, arrow keys: meaningless once their moment has gone.
    if (more.length > 1 && more.startsWith('\u001B') && !more.startsWith(PASTE_BEGINS)) return;
    text = (text + more.replaceAll(PASTE_BEGINS, '').replaceAll(PASTE_ENDS, '')).slice(0, KEPT_CHARS);
  };
  return {
    sent(more) {
      underWay.push({ bytes: new TextEncoder().encode(more).length, text: more, at: now() });
    },
    received(bytes) {
      let left = bytes;
      while (left > 0) {
        const first = underWay[0];
        if (first === undefined) return;
        if (first.bytes > left) {
          first.bytes -= left;
          first.at = now();
          return;
        }
        left -= first.bytes;
        underWay.shift();
      }
    },
    missed: keep,
    lost() {
      for (const each of underWay.splice(0)) keep(each.text);
    },
    waitingSince: () => underWay[0]?.at,
    get text() {
      return text;
    },
    forget() {
      text = '';
    },
  };
}

/** As one line that can be read: Enter and other control characters as their symbols, cut after `most` characters. */
export function readable(text: string, most: number): string {
  const shown = Array.from(text.slice(0, most), (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\r' || character === '\n') return '⏎';
    if (code === 0x7f) return '␡';
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : character;
  }).join('');
  return text.length > most ? `${shown}…` : shown;
}
