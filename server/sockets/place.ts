/** Where a page finds its terminals. */
import type { LiveWorkspace } from '../ports.ts';

export interface TerminalPlace {
  /** Path of the WebSockets: a terminal's own is this, `/` and its name. */
  path: string;
  /** What the names of this page's terminals begin with; numbers follow. */
  prefix: string;
  /** Names of those that are open, oldest first. */
  open: string[];
}

export function terminalPlace(path: string, prefix: string, workspace: LiveWorkspace): TerminalPlace {
  return { path, prefix, open: workspace.terminals.filter((name) => name.startsWith(prefix)) };
}
