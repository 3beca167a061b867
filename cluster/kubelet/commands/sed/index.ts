/** sed, GNU's and busybox's. */
import { FileError } from '../../files/file-view.ts';
import type { Program } from '../../shell/box.ts';
import { readAll, type Wait } from '../../shell/coroutine.ts';
import { lasting, type Tool } from '../tool.ts';
import { usage } from '../usage.ts';
import { Sed } from './execute.ts';
import { Lines } from './input.ts';
import { ScriptReader } from './parse.ts';
import { BadScript, type Command } from './script.ts';

interface Asked {
  quiet: boolean;
  extended: boolean;
  separate: boolean;
  /** The suffix of copies; '' for none; undefined: files stay as they are. */
  inPlace: string | undefined;
  columns: number;
  scripts: { text: string; from: 'e' | 'f' }[];
  operands: string[];
}
const LONG: Readonly<Record<string, string>> = {
  quiet: 'n',
  silent: 'n',
  'regexp-extended': 'E',
  expression: 'e',
  file: 'f',
  'in-place': 'i',
  separate: 's',
  'line-length': 'l',
  unbuffered: 'u',
  posix: 'u',
};

/** undefined: they were wrong, which has been said. */
function asked(tool: Tool): Asked | undefined {
  const found: Asked = {
    quiet: false,
    extended: false,
    separate: false,
    inPlace: undefined,
    columns: 70,
    scripts: [],
    operands: [],
  };
  const words = [...tool.args];
  const refuse = (why: string): undefined => {
    tool.context.io.stderr.write(`sed: ${why}\n`);
    usage(tool);
    return undefined;
  };
  const set = (letter: string, value: string | undefined): boolean => {
    if (letter === 'n') found.quiet = true;
    else if (letter === 'E' || letter === 'r') found.extended = true;
    else if (letter === 's' && tool.gnu) found.separate = true;
    else if (letter === 'i') {
      found.inPlace = value ?? '';
      found.separate = true;
    } else if (letter === 'e' || letter === 'f') found.scripts.push({ text: value ?? '', from: letter });
    else if (letter === 'l') found.columns = Number(value);
    else return tool.gnu && 'uz'.includes(letter);
    return true;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      found.operands.push(...words);
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      found.operands.push(word);
      continue;
    }
    if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=([^]*))?$/.exec(word) ?? [];
      const letter = LONG[name];
      if (letter === undefined) return refuse(`unrecognized option '--${name}'`);
      const needs = 'efl'.includes(letter);
      if (!set(letter, value ?? (needs ? (words.shift() ?? '') : undefined))) return undefined;
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      const rest = word.slice(at + 1);
      if ('efl'.includes(letter)) {
        const value = rest === '' ? words.shift() : rest;
        if (value === undefined) return refuse(`option requires an argument -- '${letter}'`);
        set(letter, value);
        break;
      }
      if (letter === 'i') {
        set('i', rest);
        break;
      }
      if (!set(letter, undefined)) return refuse(`invalid option -- '${letter}'`);
    }
  }
  return found;
}

function* commandsOf(tool: Tool, { scripts, operands, extended }: Asked): Generator<Wait, readonly Command[], void> {
  const reader = new ScriptReader({ gnu: tool.gnu, extended });
  const given = scripts.length > 0 ? scripts : [{ text: operands.shift() ?? '', from: 'e' as const }];
  let number = 0;
  // a text that ends with a backslash goes on in the next piece
  let held = '';
  for (const { text, from } of given) {
    if (from === 'e') {
      number++;
      held += text;
      if (/(?:^|[^\\])(?:\\\\)*\\$/.test(text) && given.length > number) {
        held += '\n';
        continue;
      }
      reader.add(held, `-e expression #${number}`);
      held = '';
      continue;
    }
    let script: string;
    try {
      script = text === '-' ? yield* readAll(tool.context.io.stdin) : tool.box.files.read(tool.path(text));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw tool.gnu
        ? new BadScript(`couldn't open file ${text}: ${error.message}`, 4)
        : new BadScript(`${text}: ${error.message}`);
    }
    const silent = script.startsWith('#n\n');
    if (silent) tool.flags.add('n');
    reader.add(script, `file ${text} line ${script.split('\n').length - 1}`);
  }
  return reader.finished();
}

function* sed(tool: Tool): Generator<Wait, number, void> {
  if (tool.args.includes('--version')) {
    tool.out(tool.gnu ? 'sed (GNU sed) 4.9\n' : 'This is not GNU sed version 4.0\n');
    return 0;
  }
  const wanted = asked(tool);
  if (wanted === undefined) return 1;
  if (wanted.scripts.length === 0 && wanted.operands.length === 0) return usage(tool);
  try {
    return yield* run(tool, wanted, yield* commandsOf(tool, wanted));
  } catch (error) {
    if (!(error instanceof BadScript)) throw error;
    tool.problem(error.message, error.code);
    return error.code;
  }
}

function* run(tool: Tool, wanted: Asked, commands: readonly Command[]): Generator<Wait, number, void> {
  const refuse = (name: string, why: string): void => {
    if (why === 'folder') {
      // busybox reads nothing from it, and is content
      if (tool.gnu)
        tool.problem(
          wanted.inPlace === undefined
            ? `read error on ${name}: Is a directory`
            : `couldn't edit ${name}: not a regular file`,
          4,
        );
    } else tool.problem(tool.gnu ? `can't read ${name}: ${why}` : `${name}: ${why}`, tool.gnu ? 2 : 1);
  };
  let write = (text: string): void => tool.out(text);
  const execution = { tool, commands, columns: wanted.columns, quiet: wanted.quiet || tool.has('n') };
  const running = new Sed({ ...execution, write: (text) => write(text) });
  running.open();
  if (!wanted.separate || wanted.operands.length === 0) {
    yield* running.over(new Lines(tool, wanted.operands, refuse));
    return running.code || tool.code;
  }
  for (const name of wanted.operands) {
    const path = tool.path(name);
    const before = tool.box.files.find(path);
    let text = '';
    if (wanted.inPlace !== undefined) write = (more) => (text += more);
    const goesOn = yield* running.over(new Lines(tool, [name], refuse));
    running.restart();
    if (wanted.inPlace !== undefined && before?.kind === 'file') {
      // what was not read when it was told to quit stays as it was
      const suffix = wanted.inPlace;
      tool.attempt(
        () => {
          if (suffix !== '') {
            const copy = suffix.includes('*') ? suffix.replaceAll('*', name) : `${path}${suffix}`;
            tool.box.files.write(tool.path(copy), before.data);
          }
          tool.box.files.write(path, text);
        },
        (error) => (tool.gnu ? `couldn't open temporary file ${name}: ${error.message}` : `${name}: ${error.message}`),
        4,
      );
    }
    if (!goesOn) break;
  }
  return running.code || tool.code;
}

export const SED: Readonly<Record<string, Program>> = { sed: lasting(sed) };
