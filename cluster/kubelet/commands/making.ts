/** Programs that make and remove files and folders. */
import type { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';

export const cannot = (tool: Tool, what: string, name: string, error: FileError): string =>
  tool.gnu ? `cannot ${what} '${name}': ${error.message}` : `${name}: ${error.message}`;

function touch(tool: Tool): void {
  const { files } = tool.box;
  for (const name of tool.operands) {
    const path = tool.path(name);
    tool.attempt(
      () => {
        if (files.find(path) === undefined) {
          if (!tool.has('c')) files.write(path, '');
        } else files.change(path, { mtime: tool.box.now() });
      },
      (error) => cannot(tool, 'touch', name, error),
    );
  }
}

function rm(tool: Tool): void {
  const recursive = tool.has('r', 'R', 'recursive');
  for (const name of tool.operands) {
    const path = tool.path(name);
    const node = tool.box.files.find(path, false);
    if (node === undefined && tool.has('f', 'force')) continue;
    const words = (error: FileError) =>
      tool.gnu ? `cannot remove '${name}': ${error.message}` : `can't remove '${name}': ${error.message}`;
    if (node?.kind === 'folder' && !recursive) {
      tool.problem(tool.gnu ? `cannot remove '${name}': Is a directory` : `'${name}' is a directory`);
    } else tool.attempt(() => tool.box.files.remove(path, { recursive }), words);
  }
}

function mkdir(tool: Tool): void {
  const mode = tool.values.has('m') ? Number.parseInt(tool.values.get('m') ?? '755', 8) : 0o755;
  for (const name of tool.operands) {
    const words = (error: FileError) =>
      tool.gnu
        ? `cannot create directory \u2018${name}\u2019: ${error.message}`
        : `can't create directory '${name}': ${error.message}`;
    tool.attempt(() => tool.box.files.makeFolder(tool.path(name), { parents: tool.has('p'), mode }), words);
  }
}

export const MAKING: Readonly<Record<string, Program>> = {
  touch: instant(touch, 'dtr'),
  rm: instant(rm),
  unlink: instant(rm),
  mkdir: instant(mkdir, 'm'),
  rmdir: instant((tool) => {
    for (const name of tool.operands) {
      const words = (error: FileError) =>
        tool.gnu ? `failed to remove '${name}': ${error.message}` : `'${name}': ${error.message}`;
      tool.attempt(() => tool.box.files.remove(tool.path(name)), words);
    }
  }),
  truncate: instant((tool) => {
    for (const name of tool.operands)
      tool.attempt(
        () => tool.box.files.write(tool.path(name), ''),
        (error) => `${name}: ${error.message}`,
      );
  }, 's'),
  sync: instant(() => 0),
  mknod: instant(() => 0),
};
