/** Programs that say what a file is, where it is, and how large. */
import { sizeOf } from '../files/file-tree.ts';
import { nameOf } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { humanSize, modeText, nodeSize } from './ls.ts';
import { cannot } from './making.ts';
import { instant, type Tool } from './tool.ts';
import { groupName, userName } from './users.ts';

function stat(tool: Tool): void {
  for (const name of tool.operands) {
    const node = tool.attempt(
      () => tool.box.files.stat(tool.path(name), tool.has('L')),
      (error) => (tool.gnu ? `cannot statx '${name}': ${error.message}` : `can't stat '${name}': ${error.message}`),
    );
    if (node === undefined) continue;
    const format = tool.values.get('c') ?? tool.values.get('format');
    const what: Record<string, string> = {
      n: name,
      s: String(nodeSize(node)),
      a: node.mode.toString(8),
      A: modeText(node),
      u: String(node.uid),
      g: String(node.gid),
      U: userName(tool.box, node.uid),
      G: groupName(tool.box, node.gid),
      Y: String(Math.floor(node.mtime / 1000)),
      F: { file: 'regular file', folder: 'directory', link: 'symbolic link', device: 'character special file' }[
        node.kind
      ],
    };
    if (format !== undefined) {
      tool.out(`${format.replace(/%(.)/g, (_all, letter: string) => what[letter] ?? '')}\n`);
      continue;
    }
    const time = `${new Date(node.mtime).toISOString().replace('T', ' ').replace('Z', '000000')} +0000`;
    tool.out(
      `  File: ${name}\n  Size: ${what['s']}\tBlocks: ${Math.ceil(nodeSize(node) / 4096) * 8}          IO Block: 4096   ${what['F']}\nAccess: (0${what['a']}/${what['A']})  Uid: (${what['u']?.padStart(5)}/${what['U']?.padStart(8)})   Gid: (${what['g']?.padStart(5)}/${what['G']?.padStart(8)})\nAccess: ${time}\nModify: ${time}\nChange: ${time}\n`,
    );
  }
}

export const STAT: Readonly<Record<string, Program>> = {
  stat: instant(stat, 'c', ['format']),
  readlink: instant((tool) => {
    for (const name of tool.operands) {
      if (tool.has('f', 'e')) {
        tool.attempt(
          () => tool.out(`${tool.box.files.resolve(tool.path(name))}\n`),
          () => '',
        );
        continue;
      }
      const node = tool.box.files.find(tool.path(name), false);
      if (node?.kind === 'link') tool.out(`${node.target}\n`);
      else tool.code = 1;
    }
  }),
  realpath: instant((tool) => {
    for (const name of tool.operands)
      tool.attempt(
        () => tool.out(`${tool.box.files.resolve(tool.path(name))}\n`),
        (error) => `${name}: ${error.message}`,
      );
  }),
  basename: instant((tool) => {
    const [path = '', suffix = ''] = tool.operands;
    const base = nameOf(path.replace(/\/+$/, ''));
    tool.out(`${suffix !== '' && base.endsWith(suffix) && base !== suffix ? base.slice(0, -suffix.length) : base}\n`);
  }),
  dirname: instant((tool) => {
    const path = (tool.operands[0] ?? '').replace(/\/+$/, '');
    const at = path.lastIndexOf('/');
    tool.out(`${at === -1 ? '.' : at === 0 ? '/' : path.slice(0, at)}\n`);
  }),
  du: instant((tool) => {
    for (const name of tool.operands.length === 0 ? ['.'] : tool.operands) {
      const node = tool.attempt(
        () => tool.box.files.stat(tool.path(name)),
        (error) => cannot(tool, 'access', name, error),
      );
      if (node)
        tool.out(
          `${tool.has('h') ? humanSize(Math.max(4096, sizeOf(node))) : Math.max(4, Math.ceil(sizeOf(node) / 1024))}\t${name}\n`,
        );
    }
  }),
};
