/** A container's files as its processes see them: its own root with volumes mounted over it, as one user. */
import { folder, file as makeFile, link as makeLink, type Node, type Tree } from './file-tree.ts';

export type FileFault =
  | 'ENOENT'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'EEXIST'
  | 'EACCES'
  | 'EPERM'
  | 'EROFS'
  | 'ENOTEMPTY'
  | 'ELOOP'
  | 'EBUSY'
  | 'ENOSPC'
  | 'EINVAL';

/** In the C library's words. */
const WORDS: Record<FileFault, string> = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EEXIST: 'File exists',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  EBUSY: 'Resource busy',
  ENOSPC: 'No space left on device',
  EINVAL: 'Invalid argument',
};

export class FileError extends Error {
  readonly fault: FileFault;
  constructor(fault: FileFault) {
    super(WORDS[fault]);
    this.fault = fault;
  }
}

export interface Mount {
  /** Where, without a slash at the end. */
  path: string;
  tree: Tree;
  /** The part of the tree that is mounted. */
  within: readonly string[];
  readOnly: boolean;
  /** For /proc/mounts: `ext4`, `tmpfs`, ... */
  type: string;
}

export interface Identity {
  uid: number;
  gid: number;
  groups: readonly number[];
  /** May change owners and read everything: root without dropped capabilities. */
  privileged: boolean;
}

interface Place {
  mount: Mount;
  parts: readonly string[];
  /** Absolute, without symbolic links on the way. */
  path: string;
}

const MAX_LINKS = 40;
/** Bytes a container may keep in files of its own and in one volume: what a node here would rather evict it for. */
const MAX_FILE = 32 * 1024 * 1024;
const MAX_GROWTH = 64 * 1024 * 1024;

function partsOf(path: string, cwd = '/'): string[] {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts;
}
export const normalisePath = (path: string, cwd = '/'): string => `/${partsOf(path, cwd).join('/')}`;

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 1));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A path that was followed to its end with what is there, or why it could not be. */
type Followed =
  | { path: string; node: Node | undefined; fault?: undefined }
  | { path?: undefined; node?: undefined; fault: FileFault };

export class FileView {
  readonly mounts: readonly Mount[];
  readonly #mountAt: ReadonlyMap<string, Mount>;
  /** Folders on the way to a mount. */
  readonly #above: ReadonlySet<string>;
  readonly #who: Identity;
  readonly #now: () => number;
  /** Told before a file that is kept in memory becomes so large. */
  readonly #grow: ((bytes: number) => void) | undefined;

  /** `mounts`: the root first. */
  constructor(mounts: readonly Mount[], who: Identity, now: () => number, grow?: (bytes: number) => void) {
    // the longest path wins
    this.mounts = mounts.toSorted((a, b) => b.path.length - a.path.length);
    const mountAt = new Map<string, Mount>();
    const above = new Set<string>();
    for (const mount of this.mounts) {
      if (!mountAt.has(mount.path)) mountAt.set(mount.path, mount);
      for (let at = mount.path.lastIndexOf('/'); at > 0; at = mount.path.lastIndexOf('/', at - 1))
        above.add(mount.path.slice(0, at));
      if (mount.path !== '') above.add('/');
    }
    this.#mountAt = mountAt;
    this.#above = above;
    this.#who = who;
    this.#now = now;
    this.#grow = grow;
  }

  /** The same files with a folder of them as the root, beside the kernel's own. @throws FileError */
  under(path: string, cwd: string): FileView {
    const root = this.resolve(normalisePath(path, cwd));
    const node = this.#at(root);
    if (node === undefined) throw new FileError('ENOENT');
    if (node.kind !== 'folder') throw new FileError('ENOTDIR');
    if (root === '/') return this;
    const { mount, parts } = this.#mountOf(root);
    const inside = this.mounts
      .filter((one) => one.path.startsWith(`${root}/`))
      .map((one) => ({ ...one, path: one.path.slice(root.length) }));
    const kernel = this.mounts.filter((one) => ['/proc', '/sys', '/dev'].includes(one.path));
    return new FileView([{ ...mount, path: '', within: parts }, ...inside, ...kernel], this.#who, this.#now);
  }

  #mountOf(path: string): Place {
    for (let at = path.length; ; at = path.lastIndexOf('/', at - 1)) {
      const mount = this.#mountAt.get(path.slice(0, at));
      if (mount !== undefined) {
        const inside = path.slice(mount.path.length + 1);
        const rest = inside === '' ? [] : inside.split('/');
        return { mount, parts: mount.within.length === 0 ? rest : [...mount.within, ...rest], path };
      }
      if (at <= 0) throw new FileError('ENOENT');
    }
  }

  #at(path: string): Node | undefined {
    const { mount, parts } = this.#mountOf(path);
    return this.#nodeIn(mount, parts, path);
  }
  #nodeIn(mount: Mount, parts: readonly string[], path: string): Node | undefined {
    const found = mount.tree.get(parts);
    // a folder that only holds a mount point
    return found === undefined && this.#above.has(path) ? folder() : found;
  }

  /** The path with its symbolic links followed; the last part need not exist. @throws FileError */
  resolve(path: string, followLast = true): string {
    const followed = this.#follow(path, followLast);
    if (followed.fault !== undefined) throw new FileError(followed.fault);
    return followed.path;
  }
  /** As `resolve`, for those who often ask for what is not there: an error is dear. */
  #follow(path: string, followLast: boolean): Followed {
    const root = this.#mountAt.get('');
    if (root === undefined) return { fault: 'ENOENT' };
    let links = 0;
    let rest = partsOf(path);
    // where the way has come to: in which mount, how far into its tree, and what is there
    let [mount, inside, done] = [root, [...root.within], ''];
    let node: Node | undefined;
    for (let index = 0; index < rest.length; index++) {
      const part = rest[index] ?? '';
      const isLast = index === rest.length - 1;
      const next = `${done}/${part}`;
      const entered = this.#mountAt.get(next);
      if (entered === undefined) inside.push(part);
      else [mount, inside] = [entered, [...entered.within]];
      node = this.#nodeIn(mount, inside, next);
      if (node?.kind === 'link' && (!isLast || followLast)) {
        if (++links > MAX_LINKS) return { fault: 'ELOOP' };
        rest = [...partsOf(node.target, done), ...rest.slice(index + 1)];
        [mount, inside, done, index] = [root, [...root.within], '', -1];
        node = undefined;
        continue;
      }
      if (!isLast) {
        if (node === undefined) return { fault: 'ENOENT' };
        if (node.kind !== 'folder') return { fault: 'ENOTDIR' };
        if (!this.#allowed(node, 1)) return { fault: 'EACCES' };
      }
      done = next;
    }
    if (done === '') return { path: '/', node: this.#at('/') };
    return { path: done, node };
  }

  #allowed(node: Node, bit: 1 | 2 | 4): boolean {
    const { uid, gid, groups } = this.#who;
    if (uid === 0) return true;
    const shift = node.uid === uid ? 6 : node.gid === gid || groups.includes(node.gid) ? 3 : 0;
    return ((node.mode >> shift) & bit) !== 0;
  }

  /** @throws FileError */
  stat(path: string, follow = true): Node {
    const followed = this.#follow(path, follow);
    if (followed.fault !== undefined) throw new FileError(followed.fault);
    if (followed.node === undefined) throw new FileError('ENOENT');
    return followed.node;
  }
  find(path: string, follow = true): Node | undefined {
    const followed = this.#follow(path, follow);
    return followed.fault === undefined ? followed.node : undefined;
  }
  mayRun(path: string): boolean {
    const node = this.find(path);
    return node !== undefined && this.mayRunNode(node);
  }
  /** As `mayRun`, of what was found. */
  mayRunNode(node: Node): boolean {
    return node.kind === 'file' && (node.mode & 0o111) !== 0 && (this.#who.uid === 0 || this.#allowed(node, 1));
  }
  may(path: string, bit: 1 | 2 | 4): boolean {
    const { node, path: real } = this.#follow(path, true);
    if (node === undefined) return false;
    return this.#allowed(node, bit) && (bit !== 2 || !this.#isReadOnly(real));
  }
  #isReadOnly(path: string): boolean {
    const { mount } = this.#mountOf(path);
    return mount.readOnly || mount.tree.readOnly;
  }

  /** @throws FileError */
  read(path: string): string {
    return this.readNode(this.stat(path));
  }
  /** As `read`, of what was found. @throws FileError */
  readNode(node: Node): string {
    if (node.kind === 'folder') throw new FileError('EISDIR');
    if (!this.#allowed(node, 4)) throw new FileError('EACCES');
    return node.kind === 'file' ? node.data : '';
  }

  /** Whether a file there is kept in memory, and has no limit of its own. */
  isInMemory(path: string, cwd: string): boolean {
    const full = normalisePath(path, cwd);
    if (this.find(full)?.kind === 'device') return false;
    const { mount } = this.#mountOf(full);
    return mount.type === 'tmpfs' && mount.tree.limit === Infinity;
  }

  /** Names in a folder, sorted. @throws FileError */
  list(path: string): string[] {
    const resolved = this.resolve(path);
    const node = this.#at(resolved);
    if (node === undefined) throw new FileError('ENOENT');
    if (node.kind !== 'folder') throw new FileError('ENOTDIR');
    if (!this.#allowed(node, 4)) throw new FileError('EACCES');
    const names = new Set(node.entries.keys());
    const prefix = resolved === '/' ? '/' : `${resolved}/`;
    for (const mount of this.mounts) {
      if (mount.path.startsWith(prefix)) names.add(mount.path.slice(prefix.length).split('/')[0] ?? '');
    }
    return [...names].sort();
  }

  #put(path: string, node: Node | undefined): void {
    const { mount, parts } = this.#mountOf(path);
    if (mount.readOnly || mount.tree.readOnly) throw new FileError('EROFS');
    if (node !== undefined && mount.tree.grown > Math.min(MAX_GROWTH, mount.tree.limit)) throw new FileError('ENOSPC');
    if (node?.kind === 'file' && node.data.length > mount.tree.limit) throw new FileError('ENOSPC');
    if (node?.kind === 'file' && mount.type === 'tmpfs') this.#grow?.(node.data.length);
    if (parts.length === mount.within.length && node === undefined) throw new FileError('EBUSY');
    if (parts.length > 0 && mount.tree.get(parts.slice(0, -1)) === undefined) {
      // the folder is there only because something is mounted in it
      for (let depth = 1; depth < parts.length; depth++) {
        const above = parts.slice(0, depth);
        if (mount.tree.get(above) === undefined) mount.tree.set(above, folder(), this.#now());
      }
    }
    if (parts.length === 0 && node !== undefined) mount.tree.root = node;
    else mount.tree.set(parts, node, this.#now());
  }
  #mayChange(path: string): void {
    const above = this.#at(parentOf(path));
    if (above === undefined) throw new FileError('ENOENT');
    if (above.kind !== 'folder') throw new FileError('ENOTDIR');
    if (this.#isReadOnly(path)) throw new FileError('EROFS');
    if (!this.#allowed(above, 2)) throw new FileError('EACCES');
    const sticky = (above.mode & 0o1000) !== 0;
    const node = this.#at(path);
    if (sticky && node !== undefined && this.#who.uid !== 0 && node.uid !== this.#who.uid) throw new FileError('EPERM');
  }
  get #owner() {
    return { uid: this.#who.uid, gid: this.#who.gid, mtime: this.#now() };
  }

  /** @throws FileError */
  write(path: string, data: string, { append = false, mode = 0o644 } = {}): void {
    const resolved = this.resolve(path);
    const node = this.#at(resolved);
    if (node?.kind === 'folder') throw new FileError('EISDIR');
    if (node?.kind === 'device') return;
    if (node === undefined) {
      this.#mayChange(resolved);
      const above = this.#at(parentOf(resolved));
      // a folder with the set-group bit hands its group down
      const handed = above !== undefined && (above.mode & 0o2000) !== 0 ? { gid: above.gid } : {};
      this.#put(resolved, makeFile(data, { ...this.#owner, ...handed, mode }));
      return;
    }
    if (this.#isReadOnly(resolved)) throw new FileError('EROFS');
    if (!this.#allowed(node, 2)) throw new FileError('EACCES');
    if (node.kind !== 'file') return;
    const next = append ? node.data + data : data;
    if (next.length > MAX_FILE) throw new FileError('ENOSPC');
    this.#put(resolved, { ...node, data: next, mtime: this.#now() });
  }
  /** @throws FileError */
  makeFolder(path: string, { parents = false, mode = 0o755 } = {}): void {
    const resolved = parents ? normalisePath(path) : this.resolve(path, false);
    if (parents) {
      const above = parentOf(resolved);
      if (above !== resolved && above !== '/' && this.find(above) === undefined) this.makeFolder(above, { parents });
    }
    const node = this.find(resolved);
    if (node !== undefined) {
      if (parents && node.kind === 'folder') return;
      throw new FileError('EEXIST');
    }
    const real = this.resolve(resolved, false);
    this.#mayChange(real);
    this.#put(real, folder([], { ...this.#owner, mode }));
  }
  /** @throws FileError */
  remove(path: string, { recursive = false } = {}): void {
    const resolved = this.resolve(path, false);
    const node = this.#at(resolved);
    if (node === undefined) throw new FileError('ENOENT');
    if (node.kind === 'folder') {
      if (!recursive && this.list(resolved).length > 0) throw new FileError('ENOTEMPTY');
    }
    if (resolved === '/' || this.mounts.some((mount) => mount.path === resolved)) {
      throw new FileError(this.#isReadOnly(resolved) ? 'EROFS' : 'EBUSY');
    }
    this.#mayChange(resolved);
    this.#put(resolved, undefined);
  }
  /** @throws FileError */
  rename(from: string, to: string): void {
    const source = this.resolve(from, false);
    const node = this.#at(source);
    if (node === undefined) throw new FileError('ENOENT');
    const target = this.resolve(to, false);
    this.#mayChange(source);
    this.#mayChange(target);
    this.#put(target, node);
    this.#put(source, undefined);
  }
  /** A copy of a whole node. @throws FileError */
  place(path: string, node: Node): void {
    const resolved = this.resolve(path, false);
    this.#mayChange(resolved);
    this.#put(resolved, node);
  }
  /** @throws FileError */
  makeLink(target: string, path: string): void {
    const resolved = this.resolve(path, false);
    if (this.#at(resolved) !== undefined) throw new FileError('EEXIST');
    this.#mayChange(resolved);
    this.#put(resolved, makeLink(target, this.#owner));
  }
  /** @throws FileError */
  change(path: string, meta: { mode?: number; uid?: number; gid?: number; mtime?: number }): void {
    const resolved = this.resolve(path);
    const node = this.#at(resolved);
    if (node === undefined) throw new FileError('ENOENT');
    if (this.#isReadOnly(resolved)) throw new FileError('EROFS');
    const owner = meta.uid !== undefined || meta.gid !== undefined;
    if (owner ? !this.#who.privileged : this.#who.uid !== 0 && node.uid !== this.#who.uid) throw new FileError('EPERM');
    this.#put(resolved, { ...node, ...meta });
  }
}
