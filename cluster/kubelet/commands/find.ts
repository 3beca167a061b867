/** find. */
import { nameOf } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';

function find(tool: Tool): void {
  const { files } = tool.box;
  const words = [...tool.args];
  const starts: string[] = [];
  while (words.length > 0 && !/^[-!(]/.test(words[0] ?? '')) starts.push(words.shift() ?? '');
  const option = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [name, type] = [option('-name') ?? option('-iname'), option('-type')];
  const deepest = Number(option('-maxdepth') ?? Infinity);
  const least = Number(option('-mindepth') ?? 0);
  const pattern =
    name === undefined
      ? undefined
      : new RegExp(
          `^${name
            .replace(/[.+^${}()|\\]/g, '\\$&')
            .replace(/\*+/g, '[^]*')
            .replace(/\?/g, '[^]')}$`,
          words.includes('-iname') ? 'i' : '',
        );
  const visit = (shown: string, path: string, depth: number): void => {
    const node = tool.attempt(
      () => files.stat(path, false),
      (error) => (tool.gnu ? `'${shown}': ${error.message}` : `${shown}: ${error.message}`),
    );
    if (node === undefined) return;
    const fits =
      (pattern === undefined || pattern.test(nameOf(shown))) &&
      (type === undefined || { f: 'file', d: 'folder', l: 'link', c: 'device' }[type] === node.kind) &&
      depth >= least;
    if (node.kind === 'folder' && depth < deepest) {
      if (fits && !words.includes('-delete')) tool.out(`${shown}\n`);
      for (const child of files.list(path))
        visit(`${shown === '/' ? '' : shown}/${child}`, `${path === '/' ? '' : path}/${child}`, depth + 1);
    } else if (fits && !words.includes('-delete')) tool.out(`${shown}\n`);
    if (fits && words.includes('-delete'))
      tool.attempt(
        () => files.remove(path),
        (error) => `${shown}: ${error.message}`,
      );
  };
  for (const start of starts.length === 0 ? ['.'] : starts) visit(start, tool.path(start), 0);
}

export const FIND: Readonly<Record<string, Program>> = {
  find: instant(find),
};
