/** `set`, `if`, `rewrite` and `return`. */
import { added, faultPage, redirect } from './answers.ts';
import type { Directive } from './config.ts';
import { blockOf, compiled, last } from './directives.ts';
import type { Answered, Serving, State } from './exchange.ts';
import { fill } from './variables.ts';

/** `set`, `if`, `rewrite` and `return`, in their order. */
export function rewrites(site: Serving, directives: readonly Directive[], state: State): Answered | undefined {
  for (const one of directives) {
    const [first = '', second = ''] = one.args;
    if (one.name === 'set') state.variables.set(first.slice(1), fill(site, second, state));
    else if (one.name === 'if' && holds(site, one.args, state)) {
      const found = rewrites(site, blockOf(one), state);
      if (found) return found;
    } else if (one.name === 'return') return returned(site, one.args, directives, state);
    else if (one.name === 'rewrite') {
      const matcher = compiled(first, false)?.matcher(state.uri);
      if (!matcher?.find()) continue;
      for (let group = 1; group <= matcher.groupCount(); group++)
        state.variables.set(String(group), matcher.group(group) ?? '');
      const target = fill(site, second, state);
      const flag = one.args[2] ?? '';
      if (flag === 'permanent' || flag === 'redirect' || /^https?:\/\//.test(target))
        return redirect(site, flag === 'permanent' ? 301 : 302, target, state);
      const [uri = '/', query] = target.split('?');
      state.uri = uri;
      if (query !== undefined) state.args = query;
      if (flag === 'last' || flag === '') return site.run(state);
      if (flag === 'break') return undefined;
    }
  }
  return undefined;
}

function holds(site: Serving, args: readonly string[], state: State): boolean {
  const words = args
    .join(' ')
    .replace(/^\(\s*|\s*\)$/g, '')
    .split(/\s+/);
  const [left = '', operator, ...rest] = words;
  const value = fill(site, left, state);
  const right = rest.join(' ').replace(/^["']|["']$/g, '');
  switch (operator) {
    case undefined:
      return left.startsWith('!') ? false : value !== '' && value !== '0';
    case '=':
      return value === right;
    case '!=':
      return value !== right;
    case '~':
    case '~*':
      return (
        compiled(right, operator === '~*')
          ?.matcher(value)
          .find() === true
      );
    case '!~':
    case '!~*':
      return (
        compiled(right, operator === '!~*')
          ?.matcher(value)
          .find() !== true
      );
    default:
      if (left === '-f' || left === '!-f') {
        const node = site.box.files.find(fill(site, words[1] ?? '', state));
        return (node?.kind === 'file') !== left.startsWith('!');
      }
      return false;
  }
}

function returned(site: Serving, args: readonly string[], directives: readonly Directive[], state: State): Answered {
  const [first = '', second] = args;
  if (!/^\d+$/.test(first)) return redirect(site, 302, fill(site, first, state), state);
  const status = Number(first);
  if (status === 444) return { response: { status, body: '', raw: '' }, logged: true };
  if ([301, 302, 303, 307, 308].includes(status)) return redirect(site, status, fill(site, second ?? '', state), state);
  if (second === undefined) return { response: faultPage(site, status), logged: true };
  const type =
    last(directives, 'default_type')?.args[0] ??
    last(blockOf(state.server), 'default_type')?.args[0] ??
    last(site.http, 'default_type')?.args[0] ??
    'text/plain';
  const headers = { 'Content-Type': type, ...added(site, directives, state, status) };
  return { response: { status, body: fill(site, second, state), headers }, logged: true };
}
