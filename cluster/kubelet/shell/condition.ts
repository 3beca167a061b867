/** `test`, `[` and `[[`. */
import type { CommandNode } from 'just-bash';
import { RE2JS } from 're2js';
import { normalisePath, type FileView } from '../files/file-view.ts';
import type { Wait } from './coroutine.ts';
import { matches } from './pattern.ts';
import type { Shell } from './shell.ts';

type Conditional = Extract<CommandNode, { type: 'ConditionalCommand' }>['expression'];

interface Place {
  files: FileView;
  cwd: string;
  get(name: string): string | undefined;
}

function unary(operator: string, operand: string, { files, cwd, get }: Place): boolean {
  if (operator === '-z') return operand === '';
  if (operator === '-n') return operand !== '';
  if (operator === '-v') return get(operand) !== undefined;
  if (operator === '-t') return false;
  if (operand === '') return false;
  const path = normalisePath(operand, cwd);
  const node = files.find(path, operator !== '-L' && operator !== '-h');
  if (node === undefined) return false;
  switch (operator) {
    case '-f':
      return node.kind === 'file';
    case '-d':
      return node.kind === 'folder';
    case '-L':
    case '-h':
      return node.kind === 'link';
    case '-c':
      return node.kind === 'device';
    case '-s':
      return node.kind === 'folder' || (node.kind === 'file' && node.data.length > 0);
    case '-r':
      return files.may(path, 4);
    case '-w':
      return files.may(path, 2);
    case '-x':
      return node.kind === 'folder' ? files.may(path, 1) : files.mayRun(path);
    case '-b':
    case '-p':
    case '-S':
    case '-g':
    case '-u':
    case '-k':
      return false;
    default:
      return true;
  }
}

export class TestFault extends Error {
  readonly fault: 'number' | 'operator' | 'argument';
  /** The word that is wrong, and the one before it. */
  readonly word: string;
  readonly left: string;
  /** Words in all. */
  readonly count: number;
  constructor(fault: TestFault['fault'], word: string, left = '', count = 0) {
    super(fault);
    this.fault = fault;
    this.word = word;
    this.left = left;
    this.count = count;
  }
}
function binary(left: string, operator: string, right: string, { files, cwd }: Place): boolean | undefined {
  const numbers = (compare: (a: number, b: number) => boolean): boolean => {
    const bad = [left, right].find((text) => !/^ *[+-]?\d+ *$/.test(text));
    if (bad !== undefined) throw new TestFault('number', bad);
    return compare(Number(left), Number(right));
  };
  const time = (path: string) => files.find(normalisePath(path, cwd))?.mtime ?? -1;
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-eq':
      return numbers((a, b) => a === b);
    case '-ne':
      return numbers((a, b) => a !== b);
    case '-lt':
      return numbers((a, b) => a < b);
    case '-le':
      return numbers((a, b) => a <= b);
    case '-gt':
      return numbers((a, b) => a > b);
    case '-ge':
      return numbers((a, b) => a >= b);
    case '-nt':
      return time(right) >= 0 && time(left) > time(right);
    case '-ot':
      return time(left) >= 0 && time(left) < time(right);
    case '-ef':
      return same(files, normalisePath(left, cwd), normalisePath(right, cwd));
    default:
      return undefined;
  }
}

function same(files: FileView, left: string, right: string): boolean {
  const node = files.find(left);
  return node !== undefined && (files.find(right) === node || files.resolve(left) === files.resolve(right));
}

/** The words of `test`. @throws TestFault */
export function test(words: readonly string[], place: Place): boolean {
  let at = 0;
  const or = (): boolean => {
    let value = and();
    while (words[at] === '-o') {
      at++;
      const right = and();
      value = value || right;
    }
    return value;
  };
  const and = (): boolean => {
    let value = not();
    while (words[at] === '-a') {
      at++;
      const right = not();
      value = value && right;
    }
    return value;
  };
  const not = (): boolean => {
    if (words[at] === '!' && at + 1 < words.length) {
      at++;
      return !not();
    }
    return primary();
  };
  const primary = (): boolean => {
    const [first = '', second, third] = words.slice(at, at + 3);
    if (second !== undefined && third !== undefined) {
      const value = binary(first, second, third, place);
      if (value !== undefined) {
        at += 3;
        return value;
      }
    }
    if (first === '(') {
      at++;
      const value = or();
      at++;
      return value;
    }
    if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
      at += 2;
      return unary(first, second, place);
    }
    at++;
    return first !== '';
  };
  if (words.length === 0) return false;
  const value = or();
  if (at < words.length) {
    const [left = '', word = ''] = words.slice(at - 1);
    const isOperator = BINARY.test(word);
    throw new TestFault(isOperator ? 'argument' : 'operator', word, left, words.length);
  }
  return value;
}
const BINARY = /^(?:==?|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/** `[[ ... ]]`. */
export function* condition(expression: Conditional, shell: Shell): Generator<Wait, boolean, void> {
  switch (expression.type) {
    case 'CondNot':
      return !(yield* condition(expression.operand, shell));
    case 'CondAnd':
      return (yield* condition(expression.left, shell)) && (yield* condition(expression.right, shell));
    case 'CondOr':
      return (yield* condition(expression.left, shell)) || (yield* condition(expression.right, shell));
    case 'CondGroup':
      return yield* condition(expression.expression, shell);
    case 'CondWord':
      return (yield* shell.expansion.one(expression.word)) !== '';
    case 'CondUnary':
      return unary(expression.operator, yield* shell.expansion.one(expression.operand), shell);
    case 'CondBinary': {
      const left = yield* shell.expansion.one(expression.left);
      const { operator } = expression;
      if (operator === '=' || operator === '==' || operator === '!=') {
        return matches(yield* shell.expansion.pieces(expression.right), left) === (operator !== '!=');
      }
      const right = yield* shell.expansion.one(expression.right);
      if (operator === '=~') {
        try {
          return RE2JS.compile(right).matcher(left).find();
        } catch {
          // no regular expression: does not match
          return false;
        }
      }
      return binary(left, operator, right, shell) ?? false;
    }
  }
}
