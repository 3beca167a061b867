/** Programs that make and remove files and folders. */
import type { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';
import { usage } from './usage.ts';

export const cannot = (tool: Tool, what: string, name: string, error: FileError): string =>
  tool.gnu ? `cannot ${what} '${name}': ${error.message}` : `${name}: ${error.message}`;

function touch(tool: Tool): number | void {
  const { files } = tool.box;
  if (tool.operands.length === 0) return usage(tool);
  const stamp = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(tool.values.get('t') ?? '');
  const [, century = '20', year, month, day, hour, minute, second = '00'] = stamp ?? [];
  const given = stamp ? `${century}${year}-${month}-${day} ${hour}:${minute}:${second}` : tool.values.get('d');
  const mtime =
    given === undefined
      ? tool.box.now()
      : given.startsWith('@')
        ? Number(given.slice(1)) * 1000
        : Date.parse(`${given.replace(' ', 'T')}${/[zZ]|[+-]\d\d:?\d\d$/.test(given) ? '' : 'Z'}`);
  if (Number.isNaN(mtime)) {
    tool.problem(tool.gnu ? `invalid date format '${given}'` : `invalid date '${given}'`);
    return 1;
  }
  for (const name of tool.operands) {
    const path = tool.path(name);
    tool.attempt(
      () => {
        if (files.find(path) === undefined) {
          if (tool.has('c')) return;
          files.write(path, '');
          if (given !== undefined) files.change(path, { mtime });
        } else files.change(path, { mtime });
      },
      (error) => cannot(tool, 'touch', name, error),
    );
  }
}

function rm(tool: Tool): number | void {
  if (tool.operands.length === 0) return tool.has('f') ? 0 : usage(tool);
  const recursive = tool.has('r', 'R', 'recursive');
  for (const name of tool.operands) {
    const path = tool.path(name);
    const node = tool.box.files.find(path, false);
    if (node === undefined && tool.has('f', 'force')) continue;
    const words = (error: FileError) =>
      tool.gnu ? `cannot remove '${name}': ${error.message}` : `can't remove '${name}': ${error.message}`;
    if (node?.kind === 'folder' && !recursive) {
      tool.problem(tool.gnu ? `cannot remove '${name}': Is a directory` : `'${name}' is a directory`);
    } else {
      const removed = tool.attempt(() => (tool.box.files.remove(path, { recursive }), true), words);
      if (removed && tool.has('v')) tool.out(`removed '${name}'\n`);
    }
  }
}

function mkdir(tool: Tool): number | void {
  if (tool.operands.length === 0) return usage(tool);
  const mode = tool.values.has('m') ? Number.parseInt(tool.values.get('m') ?? '755', 8) : 0o755;
  for (const name of tool.operands) {
    const words = (error: FileError) =>
      tool.gnu
        ? `cannot create directory ${tool.quoted(name)}: ${error.message}`
        : `can't create directory '${name}': ${error.message}`;
    const before = tool.code;
    tool.code = 0;
    tool.attempt(() => tool.box.files.makeFolder(tool.path(name), { parents: tool.has('p'), mode }), words);
    if (tool.code === 0 && tool.has('v')) tool.out(`${tool.gnu ? 'mkdir: ' : ''}created directory '${name}'\n`);
    tool.code ||= before;
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
      const removed = tool.attempt(() => (tool.box.files.remove(tool.path(name)), true), words);
      if (!removed || !tool.has('p')) continue;
      const parts = name.split('/').filter((part) => part !== '');
      for (let depth = parts.length - 1; depth > 0; depth--) {
        const above = `${name.startsWith('/') ? '/' : ''}${parts.slice(0, depth).join('/')}`;
        tool.attempt(() => tool.box.files.remove(tool.path(above)), words);
      }
    }
  }),
  truncate: instant((tool) => {
    const size = Math.min(
      Number.parseInt(tool.values.get('s') ?? '0', 10) *
        ({ K: 1024, M: 1024 ** 2 }[tool.values.get('s')?.at(-1)?.toUpperCase() ?? ''] ?? 1),
      32 * 1024 * 1024,
    );
    for (const name of tool.operands)
      tool.attempt(
        () => {
          const node = tool.box.files.find(tool.path(name));
          const before = node?.kind === 'file' ? node.data : '';
          tool.box.files.write(tool.path(name), before.slice(0, size).padEnd(size, '\0'));
        },
        (error) => `${name}: ${error.message}`,
      );
  }, 's'),
  sync: instant(() => 0),
  mknod: instant(() => 0),
};
