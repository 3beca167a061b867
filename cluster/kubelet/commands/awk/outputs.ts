/** Where awk prints to beside its own output: files and commands, open until they are closed. */
import { FileError } from '../../files/file-view.ts';
import { textSource, type Run } from '../../shell/coroutine.ts';
import type { Tool } from '../tool.ts';
import { AwkFault } from './syntax.ts';

interface Output {
  write(text: string): void;
  finish?(): Run;
}

export class Outputs {
  readonly #tool: Tool;
  readonly #outputs = new Map<string, Output>();

  constructor(tool: Tool) {
    this.#tool = tool;
  }
  /** @throws AwkFault */
  to(how: '>' | '>>' | '|', where: string): Output {
    const known = this.#outputs.get(where);
    if (known !== undefined) return known;
    const { io } = this.#tool.context;
    let made: Output;
    if (how === '|') {
      let held = '';
      made = {
        write: (text) => (held += text),
        finish: () => this.#tool.context.call(['sh', '-c', where], { io: { ...io, stdin: textSource(held) } }),
      };
    } else if (where === '/dev/stdout' || where === '-') made = io.stdout;
    else if (where === '/dev/stderr') made = io.stderr;
    else {
      const path = this.#tool.path(where);
      try {
        this.#tool.box.files.write(path, '', { append: how === '>>' });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new AwkFault(`can't open '${where}': ${error.message}`);
      }
      made = { write: (text) => this.#tool.box.files.write(path, text, { append: true }) };
    }
    this.#outputs.set(where, made);
    return made;
  }

  /** The exit code of a command. */
  *close(where: string): Run {
    const open = this.#outputs.get(where);
    this.#outputs.delete(where);
    return open?.finish ? yield* open.finish() : 0;
  }
  *closeAll(): Run {
    for (const where of this.#outputs.keys()) yield* this.close(where);
    return 0;
  }
}
