/** Which program a name stands for: by PATH, by its rights, by the interpreter in its first line. */
import { normalisePath } from '../files/file-view.ts';
import type { Box, Program } from './box.ts';
import { atOnce, type Run } from './coroutine.ts';

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export type NotRun = 'missing' | 'denied' | 'folder';
export interface Found {
  program: Program;
  /** Where it is. */
  path: string;
  /** With an interpreter before it, for scripts. */
  argv(given: readonly string[]): readonly string[];
}

/** The program that a name stands for. */
export function findProgram(box: Box, name: string, path: string, cwd: string): Found | NotRun {
  const candidates = name.includes('/')
    ? [normalisePath(name, cwd)]
    : path.split(':').map((where) => normalisePath(name, where || cwd));
  let problem: NotRun = 'missing';
  for (const candidate of candidates) {
    const node = box.files.find(candidate);
    if (node === undefined) continue;
    if (node.kind === 'folder') {
      if (name.includes('/')) problem = 'folder';
      continue;
    }
    if (!box.files.mayRunNode(node)) {
      problem = 'denied';
      continue;
    }
    const base = candidate.slice(candidate.lastIndexOf('/') + 1);
    const data = box.files.readNode(node);
    const program = data.startsWith(NATIVE)
      ? (box.programs.get(base) ?? box.programs.get(data.slice(NATIVE.length)))
      : undefined;
    if (program !== undefined) return { program, path: candidate, argv: (given) => [base, ...given.slice(1)] };
    if (data.startsWith(NATIVE)) return { program: silent, path: candidate, argv: (given) => given };
    const interpreter = /^#! *(\S+)(?: +(\S+))?/.exec(data);
    const shell = box.programs.get(interpreterOf(interpreter));
    if (shell !== undefined)
      return { program: shell, path: candidate, argv: (given) => ['sh', candidate, ...given.slice(1)] };
  }
  return problem;
}
const interpreterOf = (match: RegExpExecArray | null): string => {
  const name = (match?.[1] ?? '/bin/sh').split('/').at(-1) ?? 'sh';
  return name === 'env' ? (match?.[2] ?? 'sh') : name;
};
/** How the files of programs begin; the name of the program follows. */
export const NATIVE = '\x7fELF';
/** A program of an image that is not simulated: does nothing, well. */
const silent = (): Run => atOnce(() => 0);
