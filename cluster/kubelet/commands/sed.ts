/** sed: addresses, s, d, p, q, y, i, a, c, =; -n -e -i -E. */
import { RE2JS } from 're2js';
import type { Wait } from '../shell/coroutine.ts';
import { readAll } from '../shell/coroutine.ts';
import { basicToExtended } from './grep.ts';
import type { Program } from '../shell/box.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

type Address = { line: number } | { last: true } | { pattern: RE2JS };
interface Command {
  from?: Address;
  to?: Address;
  not: boolean;
  name: string;
  pattern?: RE2JS;
  replacement?: string;
  flags?: string;
  text?: string;
  inside?: boolean;
}

class BadScript extends Error {}

function parse(script: string, extended: boolean): Command[] {
  const commands: Command[] = [];
  let at = 0;
  const compile = (text: string, insensitive = false): RE2JS => {
    try {
      return RE2JS.compile(extended ? text : basicToExtended(text), insensitive ? RE2JS.CASE_INSENSITIVE : 0);
    } catch {
      throw new BadScript(`bad regex '${text}'`);
    }
  };
  const until = (delimiter: string): string => {
    let text = '';
    for (; at < script.length && script.charAt(at) !== delimiter; at++) {
      if (script.charAt(at) === '\\' && script.charAt(at + 1) === delimiter) at++;
      else if (script.charAt(at) === '\\') text += script.charAt(at++);
      text += script.charAt(at);
    }
    if (at >= script.length) throw new BadScript('unmatched delimiter');
    at++;
    return text;
  };
  const address = (): Address | undefined => {
    const digits = /^\d+/.exec(script.slice(at))?.[0];
    if (digits !== undefined) {
      at += digits.length;
      return { line: Number(digits) };
    }
    if (script.charAt(at) === '$') {
      at++;
      return { last: true };
    }
    if (script.charAt(at) !== '/') return undefined;
    at++;
    return { pattern: compile(until('/')) };
  };
  while (at < script.length) {
    if (/[\s;{}]/.test(script.charAt(at))) {
      at++;
      continue;
    }
    const from = address();
    let to: Address | undefined;
    if (script.charAt(at) === ',') {
      at++;
      to = address();
    }
    const not = script.charAt(at) === '!';
    if (not) at++;
    while (script.charAt(at) === ' ') at++;
    const name = script.charAt(at++);
    const command: Command = { ...(from ? { from } : {}), ...(to ? { to } : {}), not, name };
    if (name === 's' || name === 'y') {
      const delimiter = script.charAt(at++);
      const pattern = until(delimiter);
      const replacement = until(delimiter);
      const flags = /^[gpiI0-9]*/.exec(script.slice(at))?.[0] ?? '';
      at += flags.length;
      if (name === 's') command.pattern = compile(pattern, /i/i.test(flags));
      else command.text = pattern;
      Object.assign(command, { replacement, flags });
    } else if ('aic'.includes(name)) {
      const end = script.indexOf('\n', at);
      const stop = end === -1 ? script.length : end;
      command.text = script.slice(at, stop).replace(/^\s*\\?\s*/, '');
      at = stop;
    } else if (!'dpq=nG'.includes(name)) throw new BadScript(`unsupported command ${name}`);
    commands.push(command);
  }
  return commands;
}

/** `\1` and `&` in a replacement. */
function fill(replacement: string, groups: readonly string[]): string {
  return replacement.replace(/\\([0-9nt&\\/])|&/g, (all, code: string | undefined) => {
    if (all === '&') return groups[0] ?? '';
    if (code === 'n') return '\n';
    if (code === 't') return '\t';
    return code !== undefined && /\d/.test(code) ? (groups[Number(code)] ?? '') : (code ?? '');
  });
}
function substitute(line: string, { pattern, replacement = '', flags = '' }: Command): string | undefined {
  if (pattern === undefined) return undefined;
  const matcher = pattern.matcher(line);
  const nth = Number(/\d+/.exec(flags)?.[0] ?? 1);
  let out = '';
  let last = 0;
  let seen = 0;
  while (matcher.find()) {
    seen++;
    if (seen < nth) continue;
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
    out += line.slice(last, matcher.start()) + fill(replacement, groups);
    last = matcher.end();
    if (!flags.includes('g')) break;
  }
  return seen < nth ? undefined : out + line.slice(last);
}

function* sed(tool: Tool): Generator<Wait, number, void> {
  const operands = [...tool.operands];
  const script = tool.values.get('e') ?? operands.shift() ?? '';
  let commands: Command[];
  try {
    commands = parse(script, tool.has('E', 'r'));
  } catch (error) {
    if (!(error instanceof BadScript)) throw error;
    tool.problem(tool.gnu ? `-e expression #1, char ${script.length}: ${error.message}` : error.message);
    return 1;
  }
  const run = (text: string): string => {
    const lines = linesOf(text);
    const on = (address: Address, index: number, line: string) =>
      'line' in address
        ? address.line === index + 1
        : 'last' in address
          ? index === lines.length - 1
          : address.pattern.matcher(line).find();
    let out = '';
    for (const command of commands) command.inside = false;
    for (const [index, original] of lines.entries()) {
      let line = original;
      let gone = false;
      let after = '';
      let quit = false;
      for (const command of commands) {
        let applies = command.from === undefined || on(command.from, index, line);
        if (command.to !== undefined) {
          if (command.inside) {
            applies = true;
            if (on(command.to, index, line)) command.inside = false;
          } else if (applies) command.inside = !('line' in command.to && command.to.line <= index + 1);
        }
        if (applies === command.not) continue;
        if (command.name === 'd') gone = true;
        else if (command.name === 'p') out += `${line}\n`;
        else if (command.name === 'q') quit = true;
        else if (command.name === '=') out += `${index + 1}\n`;
        else if (command.name === 'i') out += `${command.text}\n`;
        else if (command.name === 'a') after += `${command.text}\n`;
        else if (command.name === 'c') {
          out += `${command.text}\n`;
          gone = true;
        } else if (command.name === 'G') line += '\n';
        else if (command.name === 'y') {
          const [from = '', to = ''] = [command.text, command.replacement];
          line = Array.from(line, (char) => (from.includes(char) ? to.charAt(from.indexOf(char)) : char)).join('');
        } else if (command.name === 's') {
          const changed = substitute(line, command);
          if (changed === undefined) continue;
          line = changed;
          if (command.flags?.includes('p')) out += `${line}\n`;
        }
        if (gone || quit) break;
      }
      if (!gone && !tool.has('n')) out += `${line}\n`;
      out += after;
      if (quit) break;
    }
    return out;
  };
  if (operands.length === 0) {
    tool.out(run(yield* readAll(tool.context.io.stdin)));
    return tool.code;
  }
  for (const name of operands) {
    const words = (error: Error) => (tool.gnu ? `can't read ${name}: ${error.message}` : `${name}: ${error.message}`);
    const text = yield* tool.input(name, words);
    if (text === undefined) continue;
    if (tool.has('i')) tool.attempt(() => tool.box.files.write(tool.path(name), run(text)), words);
    else tool.out(run(text));
  }
  return tool.code;
}

export const SED: Readonly<Record<string, Program>> = { sed: lasting(sed, 'ef') };
