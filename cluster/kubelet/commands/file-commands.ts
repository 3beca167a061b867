/** Programs that list, make, move and remove files. */
import { sizeOf, type Node } from '../files/file-tree.ts';
import { FileError, nameOf } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readSome } from '../shell/coroutine.ts';
import { instant, lasting, type Tool } from './tool.ts';
import { userName, groupName, userId } from './users.ts';

const TYPES: Record<Node['kind'], string> = { file: '-', folder: 'd', link: 'l', device: 'c' };
export function modeText(node: Node): string {
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((node.mode >> (8 - index)) & 1 ? letter : '-'));
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
const nodeSize = (node: Node): number =>
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
    return tool.has('r') ? entries.reverse() : entries;
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

const cannot = (tool: Tool, what: string, name: string, error: FileError): string =>
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

function copy(tool: Tool): void {
  const { files } = tool.box;
  const move = tool.name === 'mv';
  const last = tool.operands.at(-1) ?? '';
  if (tool.operands.length < 2) {
    tool.problem(
      tool.gnu
        ? last === ''
          ? 'missing file operand'
          : `missing destination file operand after '${last}'`
        : 'missing file operand',
    );
    return;
  }
  const into = files.find(tool.path(last))?.kind === 'folder';
  for (const name of tool.operands.slice(0, -1)) {
    const from = tool.path(name);
    const target = into ? tool.path(`${last}/${nameOf(from)}`) : tool.path(last);
    const words = (error: FileError) => {
      if (files.find(from, false) === undefined) {
        return tool.gnu
          ? `cannot stat '${name}': ${error.message}`
          : move
            ? `can't rename '${name}': ${error.message}`
            : `can't stat '${name}': ${error.message}`;
      }
      return tool.gnu
        ? `cannot create regular file '${into ? `${last}/${nameOf(from)}` : last}': ${error.message}`
        : `can't create '${into ? `${last}/${nameOf(from)}` : last}': ${error.message}`;
    };
    const recursive = tool.has('r', 'R', 'a');
    if (!move && !recursive && files.find(from)?.kind === 'folder') {
      tool.problem(tool.gnu ? `-r not specified; omitting directory '${name}'` : `omitting directory '${name}'`);
      continue;
    }
    tool.attempt(() => {
      if (move) files.rename(from, target);
      else if (recursive) copyTree(tool, from, target);
      else files.write(target, files.read(from), { mode: files.stat(from).mode });
    }, words);
  }
}
function copyTree(tool: Tool, from: string, to: string): void {
  const { files } = tool.box;
  const node = files.stat(from, false);
  if (node.kind === 'link') files.place(to, node);
  else if (node.kind !== 'folder') files.write(to, files.read(from), { mode: node.mode });
  else {
    if (files.find(to) === undefined) files.makeFolder(to);
    for (const name of files.list(from)) copyTree(tool, `${from}/${name}`, `${to}/${name}`);
  }
}

function ln(tool: Tool): void {
  const { files } = tool.box;
  const [target = '', name = nameOf(target)] = tool.operands;
  const inside = files.find(tool.path(name))?.kind === 'folder' && !tool.has('n', 'T');
  const path = tool.path(inside ? `${name}/${nameOf(target)}` : name);
  tool.attempt(
    () => {
      if (tool.has('f') && files.find(path, false)) files.remove(path);
      if (tool.has('s')) files.makeLink(target, path);
      else files.place(path, files.stat(tool.path(target)));
    },
    (error) => (tool.gnu ? `failed to create symbolic link '${name}': ${error.message}` : `${path}: ${error.message}`),
  );
}

/** `u+x`, `644`, `a-w`: undefined when it means nothing. */
export function changedMode(text: string, mode: number): number | undefined {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  let next = mode;
  for (const clause of text.split(',')) {
    const [, who = '', sign = '', rights = ''] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? [];
    if (sign === '') return undefined;
    let bits = 0;
    for (const letter of rights) bits |= { r: 4, w: 2, x: 1, X: 1 }[letter] ?? 0;
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes(letter) && !who.includes('a')) continue;
      if (sign === '+') next |= bits << shift;
      else if (sign === '-') next &= ~(bits << shift);
      else next = (next & ~(7 << shift)) | (bits << shift);
    }
  }
  return next;
}

function forEachTarget(tool: Tool, names: readonly string[], change: (path: string, node: Node) => void): void {
  const { files } = tool.box;
  const visit = (name: string, path: string): void => {
    const words = (error: FileError) =>
      tool.gnu && error.fault === 'ENOENT'
        ? `cannot access '${name}': ${error.message}`
        : tool.gnu
          ? `changing ${tool.name === 'chmod' ? 'permissions' : 'ownership'} of '${name}': ${error.message}`
          : `${name}: ${error.message}`;
    tool.attempt(() => change(path, files.stat(path)), words);
    if (tool.has('R') && files.find(path)?.kind === 'folder')
      for (const child of files.list(path)) visit(`${name}/${child}`, `${path}/${child}`);
  };
  for (const name of names) visit(name, tool.path(name));
}
function chmod(tool: Tool): void {
  // `-x` looks like an option, and is a mode
  const words = tool.args.filter((word) => word !== '-R');
  const [mode = '', ...names] = words;
  if (changedMode(mode, 0) === undefined) tool.problem(`invalid mode '${mode}'`);
  else
    forEachTarget(tool, names, (path, node) =>
      tool.box.files.change(path, { mode: changedMode(mode, node.mode) ?? node.mode }),
    );
}
function chown(tool: Tool): void {
  const [owner = '', ...names] = tool.operands;
  const [user = '', group] = tool.name === 'chgrp' ? ['', owner] : owner.split(/[:.]/);
  const uid = user === '' ? undefined : userId(tool.box, user);
  if (user !== '' && uid === undefined) {
    tool.problem(tool.gnu ? `invalid user: '${owner}'` : `unknown user ${user}`);
    return;
  }
  const gid = group === undefined || group === '' ? undefined : Number.isNaN(Number(group)) ? 0 : Number(group);
  forEachTarget(tool, names, (path) =>
    tool.box.files.change(path, { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) }),
  );
}

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

function find(tool: Tool): void {
  const { files } = tool.box;
  const words = [...tool.args];
  const starts: string[] = [];
  while (words.length > 0 && !/^[-!(]/.test(words[0] ?? '')) starts.push(words.shift() ?? '');
  const option = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [name, type] = [option('-name') ?? option('-iname'), option('-type')];
  const deepest = Number(option('-maxdepth') ?? Infinity);
  const least = Number(option('-mindepth') ?? 0);
  const pattern =
    name === undefined
      ? undefined
      : new RegExp(
          `^${name
            .replace(/[.+^${}()|\\]/g, '\\$&')
            .replace(/\*+/g, '[^]*')
            .replace(/\?/g, '[^]')}$`,
          words.includes('-iname') ? 'i' : '',
        );
  const visit = (shown: string, path: string, depth: number): void => {
    const node = tool.attempt(
      () => files.stat(path, false),
      (error) => (tool.gnu ? `'${shown}': ${error.message}` : `${shown}: ${error.message}`),
    );
    if (node === undefined) return;
    const fits =
      (pattern === undefined || pattern.test(nameOf(shown))) &&
      (type === undefined || { f: 'file', d: 'folder', l: 'link', c: 'device' }[type] === node.kind) &&
      depth >= least;
    if (node.kind === 'folder' && depth < deepest) {
      if (fits && !words.includes('-delete')) tool.out(`${shown}\n`);
      for (const child of files.list(path))
        visit(`${shown === '/' ? '' : shown}/${child}`, `${path === '/' ? '' : path}/${child}`, depth + 1);
    } else if (fits && !words.includes('-delete')) tool.out(`${shown}\n`);
    if (fits && words.includes('-delete'))
      tool.attempt(
        () => files.remove(path),
        (error) => `${shown}: ${error.message}`,
      );
  };
  for (const start of starts.length === 0 ? ['.'] : starts) visit(start, tool.path(start), 0);
}

export const FILE_COMMANDS: Readonly<Record<string, Program>> = {
  ls: instant(ls),
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
  cp: instant(copy),
  mv: instant(copy),
  ln: instant(ln),
  chmod: instant(chmod),
  chown: instant(chown),
  chgrp: instant(chown),
  stat: instant(stat, 'c', ['format']),
  find: instant(find),
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
  truncate: instant((tool) => {
    for (const name of tool.operands)
      tool.attempt(
        () => tool.box.files.write(tool.path(name), ''),
        (error) => `${name}: ${error.message}`,
      );
  }, 's'),
  sync: instant(() => 0),
  mknod: instant(() => 0),
  dd: lasting(function* dd(tool) {
    const option = (name: string) => tool.args.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    const unit = (text: string | undefined) =>
      Number.parseInt(text ?? '512', 10) * ({ k: 1024, K: 1024, M: 1 << 20, G: 1 << 30 }[(text ?? '').slice(-1)] ?? 1);
    const [from, to, count] = [option('if'), option('of'), option('count')];
    const length = unit(option('bs')) * Number(count ?? 1);
    const zero = from === '/dev/zero' || from === '/dev/urandom' || from === '/dev/random';
    const data = zero
      ? '\0'.repeat(Math.min(length, 16 << 20))
      : ((yield* tool.input(from ?? '-', (error) => `can't open '${from}': ${error.message}`)) ?? '').slice(
          0,
          count === undefined ? undefined : length,
        );
    if (to === undefined) tool.out(data);
    else
      tool.attempt(
        () => tool.box.files.write(tool.path(to), data),
        (error) => `can't open '${to}': ${error.message}`,
      );
    tool.context.io.stderr.write(`${count ?? 1}+0 records in\n${count ?? 1}+0 records out\n`);
  }),
  tee: lasting(function* tee(tool) {
    for (const name of tool.operands)
      tool.attempt(
        () => tool.box.files.write(tool.path(name), '', { append: tool.has('a') }),
        (error) => `${name}: ${error.message}`,
      );
    for (;;) {
      const bytes = yield* readSome(tool.context.io.stdin);
      if (bytes === '') return tool.code;
      tool.out(bytes);
      for (const name of tool.operands)
        tool.attempt(
          () => tool.box.files.write(tool.path(name), bytes, { append: true }),
          (error) => `${name}: ${error.message}`,
        );
    }
  }),
};
