/**
 * Files as immutable trees: a change makes new nodes along its path and shares the rest, so that a fork of a cluster costs
 * nothing and an image's files are there once for all its containers. Contents are byte strings: one character a byte.
 */

interface Meta {
  /** Permission bits. */
  mode: number;
  uid: number;
  gid: number;
  /** Milliseconds since 1970. */
  mtime: number;
}
export interface FileNode extends Meta {
  kind: 'file';
  data: string;
}
export interface FolderNode extends Meta {
  kind: 'folder';
  entries: ReadonlyMap<string, Node>;
}
export interface LinkNode extends Meta {
  kind: 'link';
  target: string;
}
/** `null`, `zero`, `stdout` and the like. */
export interface DeviceNode extends Meta {
  kind: 'device';
  name: string;
}
export type Node = FileNode | FolderNode | LinkNode | DeviceNode;

const ROOT_META: Meta = { mode: 0o755, uid: 0, gid: 0, mtime: 0 };

export const file = (data: string, meta: Partial<Meta> = {}): FileNode => ({
  kind: 'file',
  ...ROOT_META,
  mode: 0o644,
  ...meta,
  data,
});
export const folder = (entries: Iterable<readonly [string, Node]> = [], meta: Partial<Meta> = {}): FolderNode => ({
  kind: 'folder',
  ...ROOT_META,
  ...meta,
  entries: new Map(entries),
});
export const link = (target: string, meta: Partial<Meta> = {}): LinkNode => ({
  kind: 'link',
  ...ROOT_META,
  mode: 0o777,
  ...meta,
  target,
});
export const device = (name: string, mode = 0o666): DeviceNode => ({ kind: 'device', ...ROOT_META, mode, name });

/** What an entry counts beside its bytes. */
const ENTRY = 256;
const weight = (node: Node | undefined): number =>
  node === undefined ? 0 : ENTRY + (node.kind === 'file' ? node.data.length : 0);

/** A tree that changes: the one mutable spot. */
export class Tree {
  #root: Node;
  readonly readOnly: boolean;
  /** Bytes that were written into it, about. */
  grown = 0;
  /** Bytes that it may take; Infinity: as much as there is. */
  limit = Infinity;
  constructor(root: Node, readOnly = false) {
    this.#root = root;
    this.readOnly = readOnly;
  }

  get root(): Node {
    return this.#root;
  }
  set root(next: Node) {
    this.#root = next;
  }

  get(parts: readonly string[]): Node | undefined {
    let node: Node | undefined = this.root;
    for (const part of parts) {
      if (node?.kind !== 'folder') return undefined;
      node = node.entries.get(part);
    }
    return node;
  }

  /** Puts a node there, or takes away what is there. Its folder must exist. */
  set(parts: readonly string[], node: Node | undefined, mtime: number): void {
    this.grown += weight(node) - weight(this.get(parts));
    this.root = replaced(this.root, parts, 0, node, mtime) ?? this.root;
  }
}

function replaced(
  at: Node,
  parts: readonly string[],
  depth: number,
  node: Node | undefined,
  mtime: number,
): Node | undefined {
  if (depth === parts.length) return node;
  if (at.kind !== 'folder') return at;
  const name = parts[depth] ?? '';
  const child = at.entries.get(name);
  const last = depth === parts.length - 1;
  const next = last ? node : child && replaced(child, parts, depth + 1, node, mtime);
  if (next === undefined && !last) return at;
  const entries = new Map(at.entries);
  if (next === undefined) entries.delete(name);
  else entries.set(name, next);
  const changes = last && (child === undefined) !== (node === undefined);
  return { ...at, entries, ...(changes ? { mtime } : {}) };
}

/** A folder out of paths: `{'etc/passwd': file(...)}`; folders on the way are made. */
export function treeOf(files: Readonly<Record<string, Node>>): FolderNode {
  // folders that were made here may still be filled; those that were given are copied first
  const filled = new Map<Node, Map<string, Node>>();
  const make = (given?: FolderNode): FolderNode => {
    const entries = new Map(given?.entries);
    const made = given === undefined ? { ...folder(), entries } : { ...given, entries };
    filled.set(made, entries);
    return made;
  };
  let root: Node = make();
  for (const [path, node] of Object.entries(files)) {
    const parts = path.split('/').filter((part) => part !== '');
    const last = parts.pop();
    if (last === undefined) {
      root = node;
      continue;
    }
    if (root.kind !== 'folder') continue;
    if (!filled.has(root)) root = make(root);
    let at: FolderNode | undefined = root;
    for (const part of parts) {
      const child: Node | undefined = at.entries.get(part);
      if (child !== undefined && child.kind !== 'folder') {
        // nothing can be under a file
        at = undefined;
        break;
      }
      if (child === undefined) at.mtime = 0;
      const next: FolderNode = child !== undefined && filled.has(child) ? child : make(child);
      filled.get(at)?.set(part, next);
      at = next;
    }
    if (at === undefined) continue;
    if (!at.entries.has(last)) at.mtime = 0;
    filled.get(at)?.set(last, node);
  }
  return root as FolderNode;
}

/** Bytes of all files under a node. */
export function sizeOf(node: Node): number {
  if (node.kind === 'file') return node.data.length;
  if (node.kind !== 'folder') return 0;
  let size = 0;
  for (const child of node.entries.values()) size += sizeOf(child);
  return size;
}

/** The same in both, as most names and values are. */
const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
/** Text to a byte string (UTF-8), and back. */
export const toBytes = (text: string): string => (isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1'));
export const toText = (bytes: string): string =>
  isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
