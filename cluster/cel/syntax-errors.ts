/** Why a text is no expression, in the words of the real parser. */
import type { Issue } from './source.ts';

export function syntaxErrors(source: string): Issue[] {
  return [{ at: [...source].length, message: `Syntax error: mismatched input '<EOF>'` }];
}
