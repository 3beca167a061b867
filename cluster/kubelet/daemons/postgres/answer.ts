/** PostgreSQL's words: for mistakes, and for what a statement did. */
import type { SqlFault } from '../sql/lexer.ts';
import type { Result } from '../sql/statement.ts';

/** In PostgreSQL's words. */
export function words({ number, message }: SqlFault, text: string): string {
  const [, name = ''] = /(?<!\w)'([^']*)'/.exec(message) ?? [];
  const last = name.split('.').at(-1) ?? '';
  switch (number) {
    case 1064: {
      const [, near = ''] = /near '([^]*)' at line 1$/.exec(message) ?? [];
      const [word] = /^\S+?(?=[\s;,()]|$)/.exec(near) ?? [''];
      return near === ''
        ? `ERROR:  syntax error at end of input\nLINE 1: ${text}\n        ${' '.repeat(text.length)}^`
        : `ERROR:  syntax error at or near "${word}"\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(near)))}^`;
    }
    case 1146:
      return `ERROR:  relation "${last}" does not exist\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(last)))}^`;
    case 1051:
      return `ERROR:  table "${last}" does not exist`;
    case 1050:
      return `ERROR:  relation "${last}" already exists`;
    case 1007:
      return `ERROR:  database "${name}" already exists`;
    case 1008:
      return `ERROR:  database "${name}" does not exist`;
    case 1049:
      return `FATAL:  database "${name}" does not exist`;
    case 1054:
      return `ERROR:  column "${name}" does not exist\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(name)))}^`;
    case 1048:
      return `ERROR:  null value in column "${name}" violates not-null constraint`;
    case 1062: {
      const [, table = '', key = ''] = /for key '([^.]*)\.([^']*)'/.exec(message) ?? [];
      return `ERROR:  duplicate key value violates unique constraint "${table}_${key === 'PRIMARY' ? 'pkey' : `${key}_key`}"`;
    }
    case 1366:
      return `ERROR:  invalid input syntax for type integer: "${name}"`;
    case 1305:
      return `ERROR:  function ${last}() does not exist`;
    default:
      return `ERROR:  ${message}`;
  }
}

/** What the server says to psql; without either it lets it in. */
export interface Said {
  fault?: string;
  result?: Result;
}

/** As psql prints it: `INSERT 0 1`. */
export const tagOf = ({ tag, affected }: Result & { kind: 'done' }): string =>
  tag === 'INSERT' ? `INSERT 0 ${affected}` : tag === 'UPDATE' || tag === 'DELETE' ? `${tag} ${affected}` : tag;
