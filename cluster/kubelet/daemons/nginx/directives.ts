/** Finds directives, and reads what is in them. */
import { RE2JS } from 're2js';
import type { Directive } from './config.ts';

export const named = (directives: readonly Directive[], name: string): readonly Directive[] =>
  directives.filter((one) => one.name === name);
export const last = (directives: readonly Directive[], name: string): Directive | undefined =>
  named(directives, name).at(-1);
export const blockOf = (directive: Directive | undefined): readonly Directive[] => directive?.block ?? [];

export function compiled(text: string, insensitive: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(text, insensitive ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    // nginx's expressions can do more than these: one that can't be read matches nothing
    return undefined;
  }
}

export const portOf = (listen: Directive): number => {
  const [address = '80'] = listen.args;
  return Number(/^(?:.*:)?(\d+)$/.exec(address)?.[1] ?? 80);
};

/** Of a server: 80 when it says none. */
export const portsOf = (server: Directive): number[] => {
  const listens = named(blockOf(server), 'listen');
  return listens.length === 0 ? [80] : listens.map(portOf);
};
