import { readFileSync } from 'node:fs';

/**
 * The server's environment holds its secrets and can be read through /proc by what it starts.
 * The type needs help: a page framework declares NODE_ENV to be always there.
 */
export const NO_ENVIRONMENT = {} as NodeJS.ProcessEnv;

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Start in clock ticks after boot (field 22 of /proc/PID/stat). */
  started: string;
  /** Its parent when it was looked at. */
  parent: number;
}

/** Undefined when no such process runs. */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, started] = [fields[0], fields[1], fields[19]];
    // One that has ended and waits to be collected runs no more.
    if (state === 'Z' || parent === undefined || started === undefined) return undefined;
    return { pid, started, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

export const isRunning = (process: Pick<ProcessIdentity, 'pid' | 'started'>): boolean =>
  processIdentity(process.pid)?.started === process.started;

/**
 * Ends a sandbox by the process that was started for it. bwrap waits for the first process inside; that one is killed, all others in its pid
 * namespace go with it, and bwrap reaps it and ends. Killing bwrap itself would leave the reaping to whatever is process 1 of the host, which
 * in a container is often nobody.
 */
export function endSandbox(pid: number): void {
  let inside: number[] = [];
  try {
    inside = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // Gone already, or a kernel without that file: the process itself is then what can be killed.
  }
  for (const target of inside.length > 0 ? inside : [pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
