/** Lines as sed goes through them: over all files, or one by one. */
import { FileError } from '../../files/file-view.ts';
import { readLine, type Wait } from '../../shell/coroutine.ts';
import type { Tool } from '../tool.ts';

export interface Line {
  text: string;
  /** Nothing ends it: it is the last of a file that ends so. */
  isOpen: boolean;
  file: string;
}

export class Lines {
  readonly #tool: Tool;
  readonly #files: string[];
  /** Says why a file can't be read. */
  readonly #refuse: (name: string, why: string) => void;
  #current: { lines: string[]; at: number; isOpen: boolean; file: string } | undefined;
  #ahead: Line | undefined;

  /** `files`: their names; none: the input. */
  constructor(tool: Tool, files: readonly string[], refuse: (name: string, why: string) => void) {
    this.#tool = tool;
    this.#files = files.length === 0 ? ['-'] : [...files];
    this.#refuse = refuse;
  }

  /** undefined: there are no more. */
  *next(): Generator<Wait, Line | undefined, void> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead ?? (yield* this.#read());
  }
  /** Reads a line ahead: who does not ask gets each line as soon as it is there. */
  *isLast(): Generator<Wait, boolean, void> {
    this.#ahead ??= yield* this.#read();
    return this.#ahead === undefined;
  }

  *#read(): Generator<Wait, Line | undefined, void> {
    for (;;) {
      const { stdin } = this.#tool.context.io;
      if (this.#current !== undefined) {
        const { lines, at, isOpen, file } = this.#current;
        if (at < lines.length) {
          this.#current.at++;
          return { text: lines[at] ?? '', isOpen: isOpen && at === lines.length - 1, file };
        }
        this.#current = undefined;
      }
      if (this.#files[0] === '-') {
        const line = yield* readLine(stdin);
        if (line !== undefined) return { text: line, isOpen: false, file: '-' };
      }
      const name = this.#files.shift();
      if (name === undefined) return undefined;
      if (name === '-') continue;
      const text = this.#contents(name);
      if (text === undefined || text === '') continue;
      const lines = text.split('\n');
      const isOpen = lines.at(-1) !== '';
      if (!isOpen) lines.pop();
      this.#current = { lines, at: 0, isOpen, file: name };
    }
  }
  #contents(name: string): string | undefined {
    const path = this.#tool.path(name);
    const node = this.#tool.box.files.find(path);
    if (node?.kind === 'folder') {
      this.#refuse(name, 'folder');
      return undefined;
    }
    try {
      return this.#tool.box.files.read(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#refuse(name, error.message);
      return undefined;
    }
  }
}
