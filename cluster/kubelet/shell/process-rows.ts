/** Processes that a program has made of itself, for those who list them: nginx' workers, a server under another name. */
import type { FileView } from '../files/file-view.ts';
import type { Box, ProcessRow } from './box.ts';

/** By the container's files, which all its processes share. */
const shown = new WeakMap<FileView, readonly ProcessRow[]>();

/** The program lists itself as these from now on. */
export function showAs(box: Box, rows: readonly ProcessRow[]): void {
  shown.set(box.files, rows);
}
export const processRows = (box: Box): readonly ProcessRow[] => shown.get(box.files) ?? box.processes();

/** Sends a signal to a process of the container; what a program made of itself goes with it. */
export function signalTo(box: Box, pid: number, signal: string): boolean {
  const known = processRows(box).some((row) => row.pid === pid);
  return box.kill(known ? 1 : pid, signal);
}
