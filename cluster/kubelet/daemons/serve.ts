/** What programs that stay have in common: they run until a signal, and some hand out files. */
import { FileError, normalisePath } from '../files/file-view.ts';
import type { Box, Context } from '../shell/box.ts';
import type { Run, Wait } from '../shell/coroutine.ts';

/** What a signal makes of a program: its exit code, or undefined to go on. */
export type Heard = (signal: string) => number | undefined;

/**
 * Runs on until a signal ends it. The first process of a container only hears signals that it handles: `hears` says which, and with
 * what exit code it ends.
 */
export function* untilSignal(
  { pending }: Pick<Context, 'pending'>,
  hears: Heard = (signal) => (signal === 'TERM' || signal === 'INT' || signal === 'QUIT' ? 0 : undefined),
): Run {
  for (;;) {
    for (let signal = pending(); signal !== undefined; signal = pending()) {
      const code = hears(signal.replace(/^SIG/, ''));
      if (code !== undefined) return code;
    }
    yield { until: Infinity, event: true };
  }
}
/** Go's runtime ends a program that does not handle the signal with 2 when the kernel spares it as the first process. */
export const goEnds: Heard = (signal) => (signal === 'TERM' || signal === 'INT' || signal === 'QUIT' ? 2 : undefined);
/** 143, 130: what a program that does nothing special about signals ends with. */
export const plainEnds: Heard = (signal) => ({ TERM: 143, INT: 130, QUIT: 131, HUP: 129 })[signal];

/** Waits for some milliseconds of cluster time. A signal that `hears` ends it early: then its exit code comes back. */
export function* pause(
  { box, pending }: Pick<Context, 'box' | 'pending'>,
  ms: number,
  hears: Heard = plainEnds,
): Generator<Wait, number | undefined, void> {
  const until = box.now() + ms;
  while (box.now() < until) {
    const signal = pending();
    const code = signal === undefined ? undefined : hears(signal.replace(/^SIG/, ''));
    if (code !== undefined) return code;
    yield { until, event: true };
  }
  return undefined;
}

export const MIME: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  ico: 'image/x-icon',
  pdf: 'application/pdf',
  gz: 'application/gzip',
};
export const typeOf = (path: string): string | undefined => MIME[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];

/** Of a request's path: decoded, without its query. undefined: it can't be decoded. */
export function pathOf(asked: string): string | undefined {
  try {
    return Buffer.from(decodeURIComponent(asked.split(/[?#]/)[0] ?? '/'), 'utf8')
      .toString('latin1')
      .replace(/\0/g, '');
  } catch {
    // a % that is followed by no number: no path of any file
    return undefined;
  }
}

export type Page =
  | { kind: 'file'; path: string; body: string; mtime: number }
  | { kind: 'folder'; path: string }
  | { kind: 'missing'; path: string }
  | { kind: 'denied'; path: string };

/** What there is at a path of a site. */
export function pageAt(box: Box, root: string, path: string): Page {
  const full = normalisePath(`${root}/${normalisePath(path)}`);
  try {
    const node = box.files.stat(full);
    if (node.kind === 'folder') return { kind: 'folder', path: full };
    return { kind: 'file', path: full, body: box.files.read(full), mtime: node.mtime };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { kind: error.fault === 'EACCES' ? 'denied' : 'missing', path: full };
  }
}
/** Text of a file, or undefined where there is none to read. */
export function textOf(box: Box, path: string): string | undefined {
  try {
    return box.files.read(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
/** Writes a file with the folders above it; a file system that refuses is the caller's `false`. */
export function store(box: Box, path: string, text: string): boolean {
  try {
    const above = path.slice(0, path.lastIndexOf('/'));
    if (above !== '' && box.files.find(above) === undefined) box.files.makeFolder(above, { parents: true });
    box.files.write(path, text);
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}
