/** Who was started by whom, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessId {
  pid: number;
  /** Clock ticks since boot: tells a process from a later one with the same number. */
  started: string;
  command: string;
}

/** `pid` and all processes that descend from it, as they are now. */
export function descendants(pid: number): ProcessId[] {
  const all = readAll();
  const found: (ProcessId & { parent: number })[] = all.filter((process) => process.pid === pid);
  for (const process of found) found.push(...all.filter(({ parent }) => parent === process.pid));
  return found.map(({ pid: id, started, command }) => ({ pid: id, started, command }));
}

export function stillRunning(processes: readonly ProcessId[]): ProcessId[] {
  const now = new Map(readAll().map((process) => [process.pid, process]));
  return processes.filter(({ pid, started }) => now.get(pid)?.started === started);
}

function readAll(): (ProcessId & { parent: number })[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name stands in parentheses and may hold any character; fields are counted after it.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state, parent, started] = [fields[0], fields[1], fields[19]];
        if (state === 'Z' || parent === undefined || started === undefined) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent: Number(parent), started, command }];
      } catch {
        // Ended between the listing and the reading.
        return [];
      }
    });
}
