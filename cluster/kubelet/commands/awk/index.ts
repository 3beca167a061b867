/** awk, as busybox has it; mawk and gawk differ in little that matters here. */
import type { Program } from '../../shell/box.ts';
import { lasting } from '../tool.ts';
import { Awk } from './interpreter.ts';
import { parseAwk } from './parser.ts';
import { AwkFault } from './syntax.ts';
import { unescaped } from './tokens.ts';

const awk: Program = lasting(function* awk(tool) {
  const words = [...tool.args];
  const sources: string[] = [];
  const variables: [string, string][] = [];
  let separator: string | undefined;
  while (words.length > 0) {
    const word = words[0] ?? '';
    if (word === '--') {
      words.shift();
      break;
    }
    if (!/^-./.test(word)) break;
    words.shift();
    const value = () => (word.length > 2 ? word.slice(2) : (words.shift() ?? ''));
    if (word.startsWith('-F')) {
      const given = value();
      separator = given === 't' ? '\t' : unescaped(given);
    } else if (word.startsWith('-v')) {
      const given = value();
      const equals = given.indexOf('=');
      variables.push([given.slice(0, equals), unescaped(given.slice(equals + 1))]);
    } else if (word.startsWith('-f')) {
      const file = value();
      const text = yield* tool.input(file, (error) => `can't open '${file}': ${error.message}`);
      if (text === undefined) return tool.gnu ? 2 : 1;
      sources.push(text);
    } else if (word === '--version' || word === '-W') {
      tool.out(tool.gnu ? 'mawk 1.3.4 20240123\n' : '');
      return 0;
    } else {
      tool.problem(`invalid option -- '${word.slice(1)}'`);
      return 1;
    }
  }
  const source = sources.length > 0 ? sources.join('\n') : words.shift();
  if (source === undefined) {
    tool.context.io.stderr.write(
      tool.gnu ? 'usage: mawk [Options] [Program] [file ...]\n' : 'Usage: awk [OPTIONS] [AWK_PROGRAM] [FILE]...\n',
    );
    return tool.gnu ? 2 : 1;
  }
  try {
    const run = new Awk(tool, parseAwk(source), words, separator);
    for (const [name, text] of variables) run.assign(name, text);
    return yield* run.run();
  } catch (fault) {
    if (!(fault instanceof AwkFault)) throw fault;
    tool.context.io.stderr.write(
      tool.gnu ? `awk: line 1: ${fault.message.toLowerCase()}\n` : `awk: cmd. line:1: ${fault.message}\n`,
    );
    return tool.gnu ? 2 : 1;
  }
});

export const AWK: Readonly<Record<string, Program>> = { awk, mawk: awk, gawk: awk };
