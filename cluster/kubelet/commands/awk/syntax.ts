/** What an awk program is made of. */

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'regex'; source: string }
  | { kind: 'variable'; name: string }
  | { kind: 'field'; index: Expression }
  | { kind: 'element'; array: string; keys: readonly Expression[] }
  | { kind: 'assign'; operator: string; target: Expression; value: Expression }
  | { kind: 'step'; by: 1 | -1; before: boolean; target: Expression }
  | { kind: 'unary'; operator: string; of: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'choice'; condition: Expression; yes: Expression; no: Expression }
  | { kind: 'in'; keys: readonly Expression[]; array: string }
  | { kind: 'call'; name: string; args: readonly Expression[]; own: boolean }
  /** `getline [target] [< file]`, or `command | getline [target]`. */
  | { kind: 'getline'; target?: Expression; file?: Expression; command?: Expression }
  | { kind: 'group'; items: readonly Expression[] };

export type Statement =
  | { kind: 'block'; body: readonly Statement[] }
  | { kind: 'expression'; of: Expression }
  | {
      kind: 'print';
      formatted: boolean;
      args: readonly Expression[];
      to?: { how: '>' | '>>' | '|'; where: Expression };
    }
  | { kind: 'if'; condition: Expression; yes: Statement; no?: Statement }
  | { kind: 'while'; condition: Expression; body: Statement; once: boolean }
  | { kind: 'for'; start?: Statement; condition?: Expression; step?: Statement; body: Statement }
  | { kind: 'each'; variable: string; array: string; body: Statement }
  | { kind: 'delete'; array: string; keys?: readonly Expression[] }
  | { kind: 'leave'; how: 'break' | 'continue' | 'next' | 'nextfile' }
  | { kind: 'exit' | 'return'; value?: Expression };

export interface Rule {
  when: 'BEGIN' | 'END' | 'always' | { from: Expression; to?: Expression };
  body?: Statement;
}
export interface AwkFunction {
  parameters: readonly string[];
  body: Statement;
}
export interface AwkProgram {
  rules: readonly Rule[];
  functions: ReadonlyMap<string, AwkFunction>;
}
/** What busybox says of a program that it can't read, without its name. */
export class AwkFault extends Error {}
