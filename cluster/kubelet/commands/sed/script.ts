/** What a sed script is made of. */
import type { Pattern } from '../regex/pattern.ts';

export type Address =
  | { kind: 'line'; line: number }
  | { kind: 'last' }
  /** `first~step` */
  | { kind: 'step'; first: number; step: number }
  /** undefined: the last that was used. */
  | { kind: 'pattern'; pattern: Pattern | undefined }
  /** As a second address: so many lines more, or up to a multiple. */
  | { kind: 'more'; lines: number }
  | { kind: 'multiple'; of: number };

export interface Substitution {
  pattern: Pattern | undefined;
  replacement: string;
  /** From which match on. */
  nth: number;
  all: boolean;
  /** How often the result is printed. */
  prints: boolean;
  file?: string;
}
export interface Command {
  name: string;
  from?: Address;
  to?: Address;
  not: boolean;
  /** Of a, i, c; a label; a file's name. */
  text: string;
  /** Exit code of q and Q, columns of l. */
  number?: number;
  substitution?: Substitution;
  /** Of y: from, to. */
  letters?: ReadonlyMap<string, string>;
  /** Of `{`: the place behind its end; of b, t, T: where they lead. */
  target?: number;
}
/** In the words of the program whose script it is, without its name. */
export class BadScript extends Error {
  readonly code: number;
  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}
