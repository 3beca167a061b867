/**
 * The disk of a node, for pods that mount parts of it and for its own console. What lies under /etc and is not as on every machine is
 * kept in the cluster's store, where the node's kubelet looks for static pods: a manifest that somebody moves away here stops its pod.
 */
import { nodeFiles, putNodeFiles } from '../../node-files.ts';
import type { Keep } from '../../store/client.ts';
import { file, folder, toBytes, toText, Tree, type Node } from '../files/file-tree.ts';
import { hostFiles } from './host-files.ts';

const KEPT = ['etc'];
type Texts = Readonly<Record<string, string>>;

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

function within(node: Node | undefined, parts: readonly string[]): Node | undefined {
  let found = node;
  for (const part of parts) found = found?.kind === 'folder' ? found.entries.get(part) : undefined;
  return found;
}

/** Files by path, without those that are as they were on the fresh machine. */
function addTexts(texts: Record<string, string>, path: string, node: Node | undefined, fresh: Node | undefined): void {
  if (node === fresh) return;
  if (node?.kind === 'file') {
    if (fresh?.kind !== 'file' || fresh.data !== node.data) texts[path] = toText(node.data);
  } else if (node?.kind === 'folder') {
    const before = fresh?.kind === 'folder' ? fresh.entries : undefined;
    for (const [name, child] of node.entries) addTexts(texts, `${path}/${name}`, child, before?.get(name));
  }
}

const sameTexts = (a: Texts, b: Texts): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([path, text]) => b[path] === text);

export class HostTree extends Tree {
  readonly #store: Keep;
  readonly #node: string;
  /** What the store had when it was last looked at. */
  #known: Texts = {};
  readonly #watchers = new Set<() => void>();

  constructor(root: Node, store: Keep, node: string) {
    super(root);
    this.#store = store;
    this.#node = node;
    this.#known = this.#texts(within(root, KEPT));
  }

  override get root(): Node {
    this.#read();
    return super.root;
  }
  override set root(next: Node) {
    if (next === super.root) return;
    const before = within(super.root, KEPT);
    super.root = next;
    const after = within(next, KEPT);
    if (before !== after) this.#write(after);
    for (const tell of this.#watchers) tell();
  }

  /** Told after each change. Returns how to stop. */
  watch(tell: () => void): () => void {
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  }

  /** Puts files there as root's own, with the folders above them. */
  place(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const parts = partsOf(path);
      for (let depth = 1; depth < parts.length; depth++) {
        const above = parts.slice(0, depth);
        if (this.get(above) === undefined) this.set(above, folder([], { mode: 0o700 }), 0);
      }
      this.set(parts, file(text, { mode: 0o600 }), 0);
    }
  }

  /** Another of the same disk, for a cluster that goes its own way. */
  copy(store: Keep): HostTree {
    return new HostTree(this.root, store, this.#node);
  }

  /** What was changed in the store, brought here. */
  #read(): void {
    const texts = nodeFiles(this.#store, this.#node);
    if (texts === this.#known) return;
    const before = this.#known;
    const disk = new Tree(super.root);
    for (const path of Object.keys(before)) {
      if (texts[path] === undefined && disk.get(partsOf(path)) !== undefined) disk.set(partsOf(path), undefined, 0);
    }
    for (const [path, text] of Object.entries(texts)) {
      if (before[path] === text) continue;
      const parts = partsOf(path);
      for (let depth = 1; depth < parts.length; depth++) {
        const above = parts.slice(0, depth);
        if (disk.get(above) === undefined) disk.set(above, folder(), 0);
      }
      const mode = path.endsWith('.crt') || path.endsWith('.pub') ? 0o644 : 0o600;
      disk.set(parts, file(toBytes(text), { mode }), 0);
    }
    this.#known = texts;
    super.root = disk.root;
  }

  #texts(kept: Node | undefined): Texts {
    const texts: Record<string, string> = {};
    addTexts(texts, `/${KEPT.join('/')}`, kept, within(hostFiles(this.#node), KEPT));
    return texts;
  }

  #write(kept: Node | undefined): void {
    const texts = this.#texts(kept);
    if (sameTexts(texts, nodeFiles(this.#store, this.#node))) return;
    putNodeFiles(this.#store, this.#node, texts);
    this.#known = nodeFiles(this.#store, this.#node);
  }
}
