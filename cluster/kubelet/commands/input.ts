/** What programs of text read: their files, or the standard input. */
import type { FileError } from '../files/file-view.ts';
import type { Wait } from '../shell/coroutine.ts';
import type { Tool } from './tool.ts';

export const openWords = (tool: Tool, name: string) => (error: FileError) =>
  tool.gnu || tool.name !== 'cat'
    ? `${name}: ${error.message}`
    : error.fault === 'EISDIR'
      ? `read error: ${error.message}`
      : `can't open '${name}': ${error.message}`;

/** All inputs joined; `-` and nothing are the standard input. */
export function* inputs(tool: Tool, names: readonly string[]): Generator<Wait, string, void> {
  let text = '';
  for (const name of names.length === 0 ? ['-'] : names) {
    const words =
      tool.gnu && (tool.name === 'head' || tool.name === 'tail')
        ? (error: FileError) => `cannot open '${name}' for reading: ${error.message}`
        : openWords(tool, name);
    text += (yield* tool.input(name, words)) ?? '';
  }
  return text;
}
