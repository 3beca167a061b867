/** What the small programs of every image share: options, messages, input. */
import { toBytes } from '../files/file-tree.ts';
import { FileError, normalisePath } from '../files/file-view.ts';
import type { Box, Context, Program } from '../shell/box.ts';
import { atOnce, readAll, type Run, type Wait } from '../shell/coroutine.ts';

export class Tool {
  readonly context: Context;
  readonly name: string;
  readonly args: readonly string[];
  /** Single letters and long names that were given. */
  readonly flags = new Set<string>();
  /** Values of the options that take one. */
  readonly values = new Map<string, string>();
  /** What is no option. */
  readonly operands: string[] = [];
  code = 0;

  /** `withValue`: letters and long names of options that take a value. */
  constructor(context: Context, withValue = '', longWithValue: readonly string[] = []) {
    this.context = context;
    this.name = context.argv[0] ?? '';
    this.args = context.argv.slice(1);
    let only = false;
    for (let at = 0; at < this.args.length; at++) {
      const word = this.args[at] ?? '';
      if (only || word === '-' || !word.startsWith('-')) this.operands.push(word);
      else if (word === '--') only = true;
      else if (word.startsWith('--')) {
        const [name, value] = splitOnce(word.slice(2), '=');
        this.flags.add(name);
        if (value !== undefined) this.values.set(name, value);
        else if (longWithValue.includes(name)) this.values.set(name, this.args[++at] ?? '');
      } else {
        for (let letter = 1; letter < word.length; letter++) {
          const option = word.charAt(letter);
          this.flags.add(option);
          if (!withValue.includes(option)) continue;
          this.values.set(option, letter + 1 < word.length ? word.slice(letter + 1) : (this.args[++at] ?? ''));
          break;
        }
      }
    }
  }
  get box(): Box {
    return this.context.box;
  }
  get gnu(): boolean {
    return this.box.flavour === 'gnu';
  }
  has(...names: string[]): boolean {
    return names.some((name) => this.flags.has(name));
  }
  path(name: string): string {
    return normalisePath(name, this.context.cwd);
  }
  out(text: string): void {
    this.context.io.stdout.write(text);
  }
  /** As GNU programs quote a name: with curved quotes where the locale has them, which without variables it has not. */
  quoted(name: string): string {
    const { env } = this.context;
    const locale = env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || '';
    return /utf-?8$/i.test(locale) ? `${toBytes('‘')}${name}${toBytes('’')}` : `'${name}'`;
  }
  /** A mistake: said, and the program will end with the code. */
  problem(message: string, code = 1): void {
    this.context.io.stderr.write(`${this.name}: ${message}\n`);
    this.code = code;
  }
  /** Does it; a mistake of the file system is said in these words. undefined: it was one. */
  attempt<T>(action: () => T, words: (error: FileError) => string, code = 1): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.problem(words(error), code);
      return undefined;
    }
  }
  /** Contents of a file, or of the input for `-`. undefined: could not be opened, which has been said. */
  *input(name: string, words: (error: FileError) => string, code = 1): Generator<Wait, string | undefined, void> {
    const path = this.path(name);
    const node = name === '-' ? undefined : this.box.files.find(path);
    if (name === '-' || (node?.kind === 'device' && (node.name === 'stdin' || node.name === 'tty'))) {
      return yield* readAll(this.context.io.stdin);
    }
    return this.attempt(() => this.box.files.read(path), words, code);
  }
}

export function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A program that waits for nothing. */
export const instant = (
  run: (tool: Tool) => number | void,
  withValue = '',
  longWithValue: readonly string[] = [],
): Program => {
  return (context) =>
    atOnce(() => {
      const tool = new Tool(context, withValue, longWithValue);
      const code = run(tool);
      return typeof code === 'number' ? code : tool.code;
    });
};
/** One that may. */
export const lasting = (
  run: (tool: Tool) => Generator<Wait, number | void, void>,
  withValue = '',
  longWithValue: readonly string[] = [],
): Program =>
  function* program(context): Run {
    const tool = new Tool(context, withValue, longWithValue);
    const code = yield* run(tool);
    return typeof code === 'number' ? code : tool.code;
  };

export const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};
