/** find: tests and actions joined by and, or and not, over a tree of files. */
import { RE2JS } from 're2js';
import { nameOf, type FileError } from '../files/file-view.ts';
import type { Node } from '../files/file-tree.ts';
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { lasting, type Tool } from './tool.ts';
import { groupName, userId, userName } from './users.ts';

interface Entry {
  shown: string;
  path: string;
  node: Node;
  depth: number;
}
type Test = (entry: Entry) => Generator<Wait, boolean, void>;
class BadExpression extends Error {}

const fixed = (decide: (entry: Entry) => boolean): Test =>
  function* decided(entry) {
    yield* [];
    return decide(entry);
  };
/** `*`, `?` and sets, of a whole name. */
function globbed(pattern: string, insensitive: boolean): (text: string) => boolean {
  const source = pattern.replace(/\[!?[^\]]*\]|[*?]|[.+^${}()|\\[\]]/g, (found) =>
    found === '*'
      ? '(?s:.*)'
      : found === '?'
        ? '(?s:.)'
        : found.length > 1
          ? found.replace(/^\[!/, '[^')
          : `\\${found}`,
  );
  const compiled = RE2JS.compile(`^(?:${source})$`, insensitive ? RE2JS.CASE_INSENSITIVE : 0);
  return (text) => compiled.matcher(text).find();
}
/** `+5`, `-5`, `5` */
const counted = (text: string): ((value: number) => boolean) => {
  const number = Number.parseInt(text.replace(/^[-+]/, ''), 10);
  return (value) => (text.startsWith('+') ? value > number : text.startsWith('-') ? value < number : value === number);
};
const TYPES: Readonly<Record<string, Node['kind'] | 'none'>> = {
  f: 'file',
  d: 'folder',
  l: 'link',
  c: 'device',
  b: 'none',
  p: 'none',
  s: 'none',
};
const KIND_LETTER: Readonly<Record<Node['kind'], string>> = { file: 'f', folder: 'd', link: 'l', device: 'c' };

class Finder {
  readonly #tool: Tool;
  readonly #words: readonly string[];
  #at = 0;
  #acts = false;
  deepest = Infinity;
  least = 0;
  bottomUp = false;
  pruned = false;
  quits = false;
  readonly #batches: { argv: string[]; names: string[] }[] = [];

  constructor(tool: Tool, words: readonly string[]) {
    this.#tool = tool;
    this.#words = words;
  }
  expression(): Test {
    const test = this.#words.length === 0 ? fixed(() => true) : this.#or();
    if (this.#at < this.#words.length) throw new BadExpression(`unrecognized: ${this.#words[this.#at]}`);
    if (this.#acts) return test;
    const { print } = this;
    return function* printed(entry) {
      return (yield* test(entry)) && print(entry);
    };
  }
  readonly print = ({ shown }: Entry): boolean => {
    this.#tool.out(`${shown}\n`);
    return true;
  };
  #or(): Test {
    let left = this.#and();
    while (this.#words[this.#at] === '-o' || this.#words[this.#at] === '-or') {
      this.#at++;
      const [first, second] = [left, this.#and()];
      left = function* either(entry) {
        return (yield* first(entry)) || (yield* second(entry));
      };
    }
    return left;
  }
  #and(): Test {
    let left = this.#not();
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined || word === '-o' || word === '-or' || word === ')') return left;
      if (word === '-a' || word === '-and') this.#at++;
      const [first, second] = [left, this.#not()];
      left = function* both(entry) {
        return (yield* first(entry)) && (yield* second(entry));
      };
    }
  }
  #not(): Test {
    const word = this.#words[this.#at];
    if (word === '!' || word === '-not') {
      this.#at++;
      const inner = this.#not();
      return function* negated(entry) {
        return !(yield* inner(entry));
      };
    }
    if (word === '(') {
      this.#at++;
      const inner = this.#or();
      if (this.#words[this.#at++] !== ')') throw new BadExpression('unmatched (');
      return inner;
    }
    return this.#primary();
  }
  #value(name: string): string {
    const value = this.#words[this.#at++];
    if (value === undefined)
      throw new BadExpression(this.#tool.gnu ? `missing argument to \`${name}'` : `${name} requires an argument`);
    return value;
  }
  #primary(): Test {
    const name = this.#words[this.#at++] ?? '';
    const { box } = this.#tool;
    switch (name) {
      case '-name':
      case '-iname': {
        const fits = globbed(this.#value(name), name === '-iname');
        return fixed(({ shown }) => fits(shown === '/' ? '/' : nameOf(shown.replace(/\/+$/, ''))));
      }
      case '-path':
      case '-ipath':
      case '-wholename': {
        const fits = globbed(this.#value(name), name === '-ipath');
        return fixed(({ shown }) => fits(shown));
      }
      case '-regex': {
        const pattern = RE2JS.compile(`^(?:${this.#value(name)})$`);
        return fixed(({ shown }) => pattern.matcher(shown).find());
      }
      case '-type': {
        const letters = this.#value(name).split(',');
        if (letters.some((letter) => !(letter in TYPES)))
          throw new BadExpression(`bad arg '${letters.join(',')}' to '-type'`);
        return fixed(({ node }) => letters.some((letter) => TYPES[letter] === node.kind));
      }
      case '-maxdepth':
        this.deepest = Number(this.#value(name));
        return fixed(() => true);
      case '-mindepth':
        this.least = Number(this.#value(name));
        return fixed(() => true);
      case '-depth':
        this.bottomUp = true;
        return fixed(() => true);
      case '-xdev':
      case '-mount':
      case '-follow':
      case '-true':
        return fixed(() => true);
      case '-false':
        return fixed(() => false);
      case '-empty':
        return fixed(({ node }) =>
          node.kind === 'file' ? node.data === '' : node.kind === 'folder' && node.entries.size === 0,
        );
      case '-size': {
        const text = this.#value(name);
        const unit =
          { c: 1, w: 2, b: 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[/[cwbkMG]$/.exec(text)?.[0] ?? 'b'] ?? 512;
        const fits = counted(text);
        return fixed(({ node }) => fits(Math.ceil((node.kind === 'file' ? node.data.length : 4096) / unit)));
      }
      case '-mtime':
      case '-mmin': {
        const fits = counted(this.#value(name));
        const unit = name === '-mtime' ? 86_400_000 : 60_000;
        return fixed(({ node }) => fits(Math.floor((box.now() - node.mtime) / unit)));
      }
      case '-newer': {
        const than = box.files.find(this.#tool.path(this.#value(name)));
        return fixed(({ node }) => node.mtime > (than?.mtime ?? Infinity));
      }
      case '-perm': {
        const text = this.#value(name);
        const bits = Number.parseInt(text.replace(/^[-/+]/, ''), 8);
        return fixed(({ node }) =>
          text.startsWith('-')
            ? (node.mode & bits) === bits
            : /^[/+]/.test(text)
              ? (node.mode & bits) !== 0
              : (node.mode & 0o7777) === bits,
        );
      }
      case '-user': {
        const id = userId(box, this.#value(name));
        return fixed(({ node }) => node.uid === id);
      }
      case '-group': {
        const group = this.#value(name);
        return fixed(({ node }) => String(node.gid) === group || groupName(box, node.gid) === group);
      }
      case '-print':
        this.#acts = true;
        return fixed(this.print);
      case '-print0':
        this.#acts = true;
        return fixed(({ shown }) => {
          this.#tool.out(`${shown}\0`);
          return true;
        });
      case '-printf': {
        this.#acts = true;
        const template = this.#value(name);
        return fixed((entry) => {
          this.#tool.out(this.#filled(template, entry));
          return true;
        });
      }
      case '-ls':
        this.#acts = true;
        return fixed(({ shown, node }) => {
          this.#tool.out(
            `        1      4 ${node.kind === 'folder' ? 'd' : '-'}rw-r--r--   1 ${userName(box, node.uid).padEnd(8)} ${groupName(box, node.gid).padEnd(8)} ${shown}\n`,
          );
          return true;
        });
      case '-prune':
        return fixed(() => (this.pruned = true));
      case '-quit':
        this.#acts = true;
        return fixed(() => (this.quits = true));
      case '-delete':
        this.#acts = true;
        this.bottomUp = true;
        return fixed(({ path, shown }) => {
          if (shown === '.') return true;
          const words = (error: FileError) =>
            this.#tool.gnu ? `cannot delete '${shown}': ${error.message}` : `${shown}: ${error.message}`;
          this.#tool.attempt(() => box.files.remove(path), words);
          return true;
        });
      case '-exec':
      case '-ok':
        return this.#exec();
      default:
        throw new BadExpression(this.#tool.gnu ? `unknown predicate \`${name}'` : `unrecognized: ${name}`);
    }
  }
  #exec(): Test {
    this.#acts = true;
    const argv: string[] = [];
    for (;;) {
      const word = this.#words[this.#at++];
      if (word === undefined)
        throw new BadExpression(this.#tool.gnu ? "missing argument to `-exec'" : '-exec requires an argument');
      if (word === ';') break;
      if (word === '+' && argv.at(-1) === '{}') {
        const batch = { argv: argv.slice(0, -1), names: [] as string[] };
        this.#batches.push(batch);
        return fixed(({ shown }) => {
          batch.names.push(shown);
          return true;
        });
      }
      argv.push(word);
    }
    const { context } = this.#tool;
    return function* executed({ shown }) {
      return (yield* context.call(argv.map((word) => word.replaceAll('{}', shown)))) === 0;
    };
  }
  *finish(): Generator<Wait, void, void> {
    for (const { argv, names } of this.#batches)
      if (names.length > 0 && (yield* this.#tool.context.call([...argv, ...names])) !== 0) this.#tool.code = 1;
  }
  #filled(template: string, { shown, node, depth }: Entry): string {
    const { box } = this.#tool;
    return template.replace(/\\n|\\t|\\0|%(?:T@|.)/g, (code) => {
      const known: Record<string, string | number> = {
        '\\n': '\n',
        '\\t': '\t',
        '\\0': '\0',
        '%p': shown,
        '%f': nameOf(shown),
        '%h': shown.slice(0, Math.max(shown.lastIndexOf('/'), 1)),
        '%s': node.kind === 'file' ? node.data.length : 4096,
        '%d': depth,
        '%m': (node.mode & 0o7777).toString(8),
        '%u': userName(box, node.uid),
        '%g': groupName(box, node.gid),
        '%y': KIND_LETTER[node.kind],
        '%T@': (node.mtime / 1000).toFixed(10),
        '%%': '%',
      };
      return String(known[code] ?? code);
    });
  }

  *visit(test: Test, shown: string, path: string, depth: number): Generator<Wait, void, void> {
    const { files } = this.#tool.box;
    const node = this.#tool.attempt(
      () => files.stat(path, depth === 0 && this.#tool.args[0] === '-L'),
      (error) => (this.#tool.gnu ? `'${shown}': ${error.message}` : `${shown}: ${error.message}`),
    );
    if (node === undefined || this.quits) return;
    const entry: Entry = { shown, path, node, depth };
    this.pruned = false;
    if (!this.bottomUp && depth >= this.least) yield* test(entry);
    if (node.kind === 'folder' && depth < this.deepest && !(this.pruned && !this.bottomUp)) {
      const names = this.#tool.attempt(
        () => files.list(path),
        (error) => (this.#tool.gnu ? `'${shown}': ${error.message}` : `${shown}: ${error.message}`),
      );
      for (const name of names ?? [])
        yield* this.visit(
          test,
          `${shown.endsWith('/') ? shown.slice(0, -1) : shown}/${name}`,
          `${path === '/' ? '' : path}/${name}`,
          depth + 1,
        );
    }
    if (this.bottomUp && depth >= this.least) yield* test(entry);
  }
}

function* find(tool: Tool): Generator<Wait, number | void, void> {
  const words = [...tool.args];
  while (/^-[HLP]$/.test(words[0] ?? '')) words.shift();
  const starts: string[] = [];
  while (words.length > 0 && !/^(-.|[!(]$)/.test(words[0] ?? '')) starts.push(words.shift() ?? '');
  const finder = new Finder(tool, words);
  let test: Test;
  try {
    test = finder.expression();
  } catch (fault) {
    if (!(fault instanceof BadExpression)) throw fault;
    tool.problem(fault.message);
    return 1;
  }
  for (const start of starts.length === 0 ? ['.'] : starts) yield* finder.visit(test, start, tool.path(start), 0);
  yield* finder.finish();
}

export const FIND: Readonly<Record<string, Program>> = {
  find: lasting(find),
};
