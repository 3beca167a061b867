/** tar: makes and unpacks archives in the ustar format, as `kubectl cp` needs it. */
import { gunzipSync, gzipSync } from 'node:zlib';

import { FileError, normalisePath } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readAll, type Wait } from '../shell/coroutine.ts';
import { lasting, type Tool } from './tool.ts';

const BLOCK = 512;
const TYPES = { file: '0', link: '2', folder: '5', device: '3' } as const;

const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
const field = (text: string, width: number) => text.slice(0, width).padEnd(width, '\0');
const padded = (data: string) => data + '\0'.repeat((BLOCK - (data.length % BLOCK)) % BLOCK);

export interface TarEntry {
  name: string;
  type: string;
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  target: string;
  data: string;
}

function header(entry: Omit<TarEntry, 'data'>, size: number): string {
  let { name } = entry;
  let prefix = '';
  if (name.length > 100) {
    const cut = name.lastIndexOf('/', 155);
    prefix = name.slice(0, Math.max(cut, 0));
    name = name.slice(cut + 1);
  }
  const before =
    field(name, 100) +
    octal(entry.mode, 8) +
    octal(entry.uid, 8) +
    octal(entry.gid, 8) +
    octal(size, 12) +
    octal(Math.floor(entry.mtime / 1000), 12);
  const after =
    entry.type +
    field(entry.target, 100) +
    'ustar\x0000' +
    field('root', 32) +
    field('root', 32) +
    octal(0, 8) +
    octal(0, 8) +
    field(prefix, 155) +
    '\0'.repeat(12);
  const sum = `${before}        ${after}`.split('').reduce((total, char) => total + char.charCodeAt(0), 0);
  return `${before}${sum.toString(8).padStart(6, '0')}\0 ${after}`;
}

export const pack = (entries: readonly TarEntry[]): string =>
  entries.map((entry) => header(entry, entry.data.length) + padded(entry.data)).join('') + '\0'.repeat(2 * BLOCK);

/** Entries up to the end or to what is no archive. */
export function unpack(archive: string): TarEntry[] | undefined {
  const entries: TarEntry[] = [];
  let longName = '';
  for (let at = 0; at + BLOCK <= archive.length;) {
    const text = (from: number, length: number) => archive.slice(at + from, at + from + length).replace(/\0[^]*$/, '');
    const number = (from: number, length: number) => Number.parseInt(text(from, length).trim() || '0', 8);
    if (archive.charAt(at) === '\0') break;
    const size = number(124, 12);
    if (Number.isNaN(size)) return undefined;
    const type = archive.charAt(at + 156);
    const data = archive.slice(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'L') {
      longName = data.replace(/\0[^]*$/, '');
      continue;
    }
    const here = at - BLOCK - Math.ceil(size / BLOCK) * BLOCK;
    const read = (from: number, length: number) =>
      archive.slice(here + from, here + from + length).replace(/\0[^]*$/, '');
    if (type === 'x' || type === 'g') {
      const path = /\d+ path=([^\n]*)\n/.exec(data)?.[1];
      if (type === 'x' && path !== undefined) longName = path;
      continue;
    }
    const prefix = read(257, 5) === 'ustar' ? read(345, 155) : '';
    const name = longName !== '' ? longName : prefix === '' ? read(0, 100) : `${prefix}/${read(0, 100)}`;
    longName = '';
    const value = (from: number, length: number) => Number.parseInt(read(from, length).trim() || '0', 8) || 0;
    entries.push({
      name,
      type,
      mode: value(100, 8),
      uid: value(108, 8),
      gid: value(116, 8),
      mtime: value(136, 12) * 1000,
      target: read(157, 100),
      data,
    });
  }
  return entries;
}

function collect(tool: Tool, name: string, base: string, entries: TarEntry[], excluded: readonly string[]): void {
  const path = normalisePath(name, base);
  if (excluded.some((one) => name === one || name.endsWith(`/${one}`))) return;
  const node = tool.box.files.find(path, tool.has('h'));
  if (node === undefined) {
    tool.problem(
      tool.gnu ? `${name}: Cannot stat: No such file or directory` : `${name}: No such file or directory`,
      tool.gnu ? 2 : 1,
    );
    return;
  }
  const shown = name.replace(/^\/+/, '');
  const meta = { mode: node.mode, uid: node.uid, gid: node.gid, mtime: node.mtime };
  if (shown !== '' || node.kind !== 'folder') {
    entries.push({
      ...meta,
      name: node.kind === 'folder' ? `${shown.replace(/\/$/, '')}/` : shown,
      type: TYPES[node.kind],
      target: node.kind === 'link' ? node.target : '',
      data: node.kind === 'file' ? tool.box.files.read(path) : '',
    });
  }
  if (node.kind === 'folder')
    for (const child of tool.box.files.list(path))
      collect(tool, `${name.replace(/\/$/, '')}/${child}`, base, entries, excluded);
}

function* tar(tool: Tool): Generator<Wait, void, void> {
  const { files } = tool.box;
  const words = [...tool.args];
  // options may come without their dash
  const letters = new Set<string>();
  let archive: string | undefined;
  let base = tool.context.cwd;
  const excluded: string[] = [];
  const names: string[] = [];
  let strip = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word.startsWith('--exclude')) excluded.push(word.includes('=') ? word.slice(10) : (words[++at] ?? ''));
    else if (word.startsWith('--strip-components')) strip = Number(word.split('=')[1] ?? words[++at] ?? 0);
    else if (word.startsWith('--'))
      letters.add({ '--create': 'c', '--extract': 'x', '--list': 't', '--gzip': 'z', '--verbose': 'v' }[word] ?? '');
    else if (word === '-C') base = normalisePath(words[++at] ?? '', base);
    else if ((word.startsWith('-') && word !== '-') || at === 0) {
      for (const letter of word.replace(/^-/, '')) {
        letters.add(letter);
        if (letter === 'f') archive = words[++at];
        else if (letter === 'C') base = normalisePath(words[++at] ?? '', base);
      }
    } else names.push(word);
  }
  if (files.find(base)?.kind !== 'folder') {
    tool.problem(
      tool.gnu
        ? `${base}: Cannot open: No such file or directory`
        : `can't change directory to '${base}': No such file or directory`,
      tool.gnu ? 2 : 1,
    );
    return;
  }
  const zipped = letters.has('z') || /\.(tgz|tar\.gz)$/.test(archive ?? '');
  if (letters.has('c')) {
    const entries: TarEntry[] = [];
    if (names.some((name) => name.startsWith('/')))
      tool.context.io.stderr.write(
        tool.gnu ? "tar: Removing leading `/' from member names\n" : "tar: removing leading '/' from member names\n",
      );
    for (const name of names) collect(tool, name, base, entries, excluded);
    if (letters.has('v'))
      for (const { name } of entries)
        (archive === '-' ? tool.context.io.stderr : tool.context.io.stdout).write(`${name}\n`);
    // said before the archive goes out: who reads it may stop at its end
    if (tool.code !== 0)
      tool.problem(
        tool.gnu ? 'Exiting with failure status due to previous errors' : 'error exit delayed from previous errors',
        tool.code,
      );
    const raw = pack(entries);
    const bytes = zipped ? gzipSync(Buffer.from(raw, 'latin1')).toString('latin1') : raw;
    if (archive === undefined || archive === '-') {
      for (let at = 0; at < bytes.length; at += 32_768) {
        tool.out(bytes.slice(at, at + 32_768));
        while (tool.context.io.stdout.full) yield { event: true };
      }
    } else
      tool.attempt(
        () => files.write(tool.path(archive ?? ''), bytes),
        (error) => `can't open '${archive}': ${error.message}`,
      );
    return;
  }
  const given =
    archive === undefined || archive === '-'
      ? yield* readAll(tool.context.io.stdin)
      : yield* tool.input(archive, (error) =>
          tool.gnu ? `${archive}: Cannot open: ${error.message}` : `can't open '${archive}': ${error.message}`,
        );
  if (given === undefined) return;
  const raw =
    zipped || given.startsWith('\x1f\x8b')
      ? gunzipSync(Buffer.from(given, 'latin1'), { maxOutputLength: 64 << 20 }).toString('latin1')
      : given;
  const entries = unpack(raw);
  if (entries === undefined || (raw.length < BLOCK && raw.length > 0)) {
    tool.problem(tool.gnu ? 'This does not look like a tar archive' : 'short read', 1);
    return;
  }
  for (const entry of entries) {
    const name = entry.name.split('/').slice(strip).join('/').replace(/^\/+/, '');
    if (
      name === '' ||
      (names.length > 0 && !names.some((one) => name === one || name.startsWith(`${one.replace(/\/$/, '')}/`)))
    )
      continue;
    if (letters.has('t')) {
      tool.out(`${name}\n`);
      continue;
    }
    if (letters.has('v')) tool.out(`${name}\n`);
    const path = normalisePath(name, base);
    try {
      const above = path.slice(0, Math.max(path.lastIndexOf('/'), 1));
      if (files.find(above) === undefined) files.makeFolder(above, { parents: true });
      if (entry.type === '5') {
        if (files.find(path) === undefined) files.makeFolder(path, { parents: true, mode: entry.mode });
      } else if (entry.type === '2') {
        if (files.find(path, false)) files.remove(path);
        files.makeLink(entry.target, path);
      } else files.write(path, letters.has('O') ? '' : entry.data, { mode: entry.mode & 0o777 });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      tool.problem(
        tool.gnu ? `${name}: Cannot open: ${error.message}` : `can't open '${name}': ${error.message}`,
        tool.gnu ? 2 : 1,
      );
      if (!tool.gnu) return;
    }
  }
  if (tool.gnu && tool.code !== 0) tool.problem('Exiting with failure status due to previous errors', 2);
}

export const TAR: Readonly<Record<string, Program>> = { tar: lasting(tar) };
