/** Programs that list files. */
import type { Node } from '../files/file-tree.ts';
import type { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';
import { groupName, userName } from './users.ts';

const TYPES: Record<Node['kind'], string> = { file: '-', folder: 'd', link: 'l', device: 'c' };

export function modeText(node: Node): string {
  const bits = Array.from('rwxrwxrwx', (letter, index) => ((node.mode >> (8 - index)) & 1 ? letter : '-'));
  if (node.mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return TYPES[node.kind] + bits.join('');
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function dateText(ms: number, now: number): string {
  const date = new Date(ms);
  const old = now - ms > 180 * 86_400_000;
  const when = old ? ` ${date.getUTCFullYear()}` : date.toISOString().slice(11, 16);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${when}`;
}

export const nodeSize = (node: Node): number =>
  node.kind === 'file'
    ? node.data.length
    : node.kind === 'link'
      ? node.target.length
      : node.kind === 'folder'
        ? 4096
        : 0;

export const humanSize = (bytes: number): string => {
  const units = ['', 'K', 'M', 'G', 'T'];
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < 4) {
    size /= 1024;
    unit++;
  }
  return unit === 0 ? String(bytes) : `${size < 10 ? size.toFixed(1) : Math.round(size)}${units[unit]}`;
};

interface Entry {
  name: string;
  path: string;
  node: Node;
}

function rows(tool: Tool, entries: readonly Entry[]): void {
  if (!tool.has('l', 'n')) {
    const mark = (node: Node) => (tool.has('F', 'p') && node.kind === 'folder' ? '/' : '');
    for (const { name, node } of entries) tool.out(`${tool.has('i') ? '1 ' : ''}${name}${mark(node)}\n`);
    return;
  }
  const size = (node: Node) => (tool.has('h') ? humanSize(nodeSize(node)) : String(nodeSize(node)));
  const owner = (node: Node) => (tool.has('n') ? String(node.uid) : userName(tool.box, node.uid));
  const group = (node: Node) => (tool.has('n') ? String(node.gid) : groupName(tool.box, node.gid));
  const width = (text: (node: Node) => string, least = 0) =>
    Math.max(least, ...entries.map(({ node }) => text(node).length));
  const busybox = !tool.gnu;
  const [ownerWidth, groupWidth, sizeWidth] = busybox ? [8, 8, 9] : [width(owner), width(group), width(size)];
  for (const { name, node } of entries) {
    const links = node.kind === 'folder' ? 2 : 1;
    const target = node.kind === 'link' ? ` -> ${node.target}` : '';
    const count = busybox ? String(links).padStart(5) : String(links);
    tool.out(
      `${modeText(node)} ${count} ${owner(node).padEnd(ownerWidth)} ${group(node).padEnd(groupWidth)} ${size(node).padStart(sizeWidth)} ${dateText(node.mtime, tool.box.now())} ${name}${target}\n`,
    );
  }
}

function ls(tool: Tool): void {
  const { files } = tool.box;
  const targets = tool.operands.length === 0 ? ['.'] : tool.operands;
  const plain: Entry[] = [];
  const folders: { title: string; path: string }[] = [];
  for (const target of targets) {
    const path = tool.path(target);
    const follow = !tool.has('l', 'd') || tool.has('L') || target.endsWith('/');
    const words = (error: FileError) =>
      tool.gnu ? `cannot access '${target}': ${error.message}` : `${target}: ${error.message}`;
    const node = tool.attempt(() => files.find(path, follow) ?? files.stat(path, false), words, tool.gnu ? 2 : 1);
    if (node === undefined) continue;
    if (node.kind === 'folder' && !tool.has('d')) folders.push({ title: target, path });
    else plain.push({ name: target, path, node });
  }
  const order = (entries: Entry[]): Entry[] => {
    if (tool.has('t')) entries.sort((a, b) => b.node.mtime - a.node.mtime);
    else if (tool.has('S')) entries.sort((a, b) => nodeSize(b.node) - nodeSize(a.node));
    return tool.has('r') ? entries.toReversed() : entries;
  };
  rows(tool, order(plain.sort((a, b) => (a.name < b.name ? -1 : 1))));
  folders.sort((a, b) => (a.title < b.title ? -1 : 1));
  let first = plain.length === 0;
  const show = (title: string, path: string, titled: boolean): void => {
    const words = (error: FileError) =>
      tool.gnu ? `cannot open directory '${title}': ${error.message}` : `can't open '${title}': ${error.message}`;
    const names = tool.attempt(() => files.list(path), words, tool.gnu ? 2 : 1);
    if (names === undefined) return;
    if (titled) tool.out(`${first ? '' : '\n'}${title}:\n`);
    first = false;
    const all = tool.has('a') ? ['.', '..', ...names] : names;
    const shown = all.filter((name) => tool.has('a', 'A') || !name.startsWith('.'));
    const entries = shown.flatMap((name): Entry[] => {
      const full = name === '.' ? path : `${path === '/' ? '' : path}/${name}`;
      const node = files.find(full, tool.has('L')) ?? files.find(full, false);
      return node === undefined ? [] : [{ name, path: full, node }];
    });
    if (tool.has('l') && (tool.gnu || true)) tool.out(`total ${entries.length * 4}\n`);
    rows(tool, order(entries));
    if (!tool.has('R')) return;
    for (const { name, path: inner, node } of entries) {
      if (node.kind === 'folder' && name !== '.' && name !== '..')
        show(`${title === '/' ? '' : title}/${name}`, inner, true);
    }
  };
  for (const { title, path } of folders) show(title, path, folders.length + plain.length > 1 || tool.has('R'));
}

export const LS: Readonly<Record<string, Program>> = {
  ls: instant(ls),
};
