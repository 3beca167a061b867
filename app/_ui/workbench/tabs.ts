/** Which terminals a place has, and which of them is shown. */
import type { TerminalPlace } from '#server/sockets/place.ts';

export interface Tab {
  /** As the server knows it. */
  name: string;
  /** As the reader sees it. */
  number: number;
}

/** As many as fit beside each other; a machine has a limit of its own. */
export const mostTabs = 6;

/** Those that are open on the server, or a first one. */
export function firstTabs({ open, prefix }: TerminalPlace): Tab[] {
  const tabs = open
    .map((name) => ({ name, number: Number(name.slice(prefix.length)) }))
    .filter(({ number }) => Number.isInteger(number) && number > 0)
    .sort((a, b) => a.number - b.number);
  return tabs.length > 0 ? tabs : [{ name: `${prefix}1`, number: 1 }];
}

/** The one to show when `name` has gone: its right neighbour, else its left one. */
export function after(tabs: readonly Tab[], name: string): string {
  const at = tabs.findIndex((tab) => tab.name === name);
  return (tabs[at + 1] ?? tabs[at - 1] ?? tabs[0])?.name ?? name;
}

const key = ({ path, prefix }: TerminalPlace): string => `drydock.tab ${path} ${prefix}`;

/** The tab that was shown last in this window, if it is still there; else the first. */
export function keptActive(place: TerminalPlace, tabs: readonly Tab[]): string {
  const first = tabs[0]?.name ?? `${place.prefix}1`;
  try {
    const kept = sessionStorage.getItem(key(place));
    return tabs.find(({ name }) => name === kept)?.name ?? first;
  } catch {
    // Storage may be forbidden: then the first one is shown.
    return first;
  }
}

export function keepActive(place: TerminalPlace, name: string): void {
  try {
    sessionStorage.setItem(key(place), name);
  } catch {
    // Storage may be forbidden: nothing but the place in a list is lost.
  }
}
