/** Trees as plain values, as far as they differ from what everybody has: for stored clusters. */
import { folder, type Node } from './file-tree.ts';

interface Meta {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
}
/** Base64 where bytes are kept. */
export type StoredNode =
  | ({ kind: 'file'; data: string } & Meta)
  | ({ kind: 'link'; target: string } & Meta)
  | ({ kind: 'device'; name: string } & Meta)
  /** null: taken away. */
  | ({ kind: 'folder'; changes: Record<string, StoredNode | null> } & Meta);

/** What has to be done to `base` to get `node`; undefined: nothing. */
export function changesOf(base: Node | undefined, node: Node): StoredNode | undefined {
  if (base === node) return undefined;
  const { mode, uid, gid, mtime } = node;
  const meta = { mode, uid, gid, mtime };
  if (node.kind === 'file') return { kind: 'file', data: Buffer.from(node.data, 'latin1').toString('base64'), ...meta };
  if (node.kind === 'link') return { kind: 'link', target: node.target, ...meta };
  if (node.kind === 'device') return { kind: 'device', name: node.name, ...meta };
  const before = base?.kind === 'folder' ? base.entries : new Map<string, Node>();
  const changes: Record<string, StoredNode | null> = {};
  for (const [name, child] of node.entries) {
    const change = changesOf(before.get(name), child);
    if (change !== undefined) changes[name] = change;
  }
  for (const name of before.keys()) if (!node.entries.has(name)) changes[name] = null;
  return { kind: 'folder', changes, ...meta };
}

export function applied(base: Node | undefined, stored: StoredNode): Node {
  if (stored.kind === 'file') return { ...stored, data: Buffer.from(stored.data, 'base64').toString('latin1') };
  if (stored.kind !== 'folder') return stored;
  const { changes, kind: _kind, ...meta } = stored;
  const entries = new Map(base?.kind === 'folder' ? base.entries : []);
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) entries.delete(name);
    else entries.set(name, applied(entries.get(name), change));
  }
  return { ...folder([], meta), entries };
}
