/** Programs that copy, move and link files, and write what they read to some. */
import { type FileError, nameOf } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readSome } from '../shell/coroutine.ts';
import { instant, lasting, type Tool } from './tool.ts';

function copy(tool: Tool): void {
  const { files } = tool.box;
  const move = tool.name === 'mv';
  const last = tool.operands.at(-1) ?? '';
  if (tool.operands.length < 2) {
    tool.problem(
      tool.gnu
        ? last === ''
          ? 'missing file operand'
          : `missing destination file operand after '${last}'`
        : 'missing file operand',
    );
    return;
  }
  const into = files.find(tool.path(last))?.kind === 'folder';
  for (const name of tool.operands.slice(0, -1)) {
    const from = tool.path(name);
    const target = into ? tool.path(`${last}/${nameOf(from)}`) : tool.path(last);
    const words = (error: FileError) => {
      if (files.find(from, false) === undefined) {
        return tool.gnu
          ? `cannot stat '${name}': ${error.message}`
          : move
            ? `can't rename '${name}': ${error.message}`
            : `can't stat '${name}': ${error.message}`;
      }
      return tool.gnu
        ? `cannot create regular file '${into ? `${last}/${nameOf(from)}` : last}': ${error.message}`
        : `can't create '${into ? `${last}/${nameOf(from)}` : last}': ${error.message}`;
    };
    const recursive = tool.has('r', 'R', 'a');
    if (!move && !recursive && files.find(from)?.kind === 'folder') {
      tool.problem(tool.gnu ? `-r not specified; omitting directory '${name}'` : `omitting directory '${name}'`);
      continue;
    }
    tool.attempt(() => {
      if (move) files.rename(from, target);
      else if (recursive) copyTree(tool, from, target);
      else files.write(target, files.read(from), { mode: files.stat(from).mode });
    }, words);
  }
}

function copyTree(tool: Tool, from: string, to: string): void {
  const { files } = tool.box;
  const node = files.stat(from, false);
  if (node.kind === 'link') files.place(to, node);
  else if (node.kind !== 'folder') files.write(to, files.read(from), { mode: node.mode });
  else {
    if (files.find(to) === undefined) files.makeFolder(to);
    for (const name of files.list(from)) copyTree(tool, `${from}/${name}`, `${to}/${name}`);
  }
}

function ln(tool: Tool): void {
  const { files } = tool.box;
  const [target = '', name = nameOf(target)] = tool.operands;
  const inside = files.find(tool.path(name))?.kind === 'folder' && !tool.has('n', 'T');
  const path = tool.path(inside ? `${name}/${nameOf(target)}` : name);
  tool.attempt(
    () => {
      if (tool.has('f') && files.find(path, false)) files.remove(path);
      if (tool.has('s')) files.makeLink(target, path);
      else files.place(path, files.stat(tool.path(target)));
    },
    (error) => (tool.gnu ? `failed to create symbolic link '${name}': ${error.message}` : `${path}: ${error.message}`),
  );
}

export const COPYING: Readonly<Record<string, Program>> = {
  cp: instant(copy),
  mv: instant(copy),
  ln: instant(ln),
  dd: lasting(function* dd(tool) {
    const option = (name: string) => tool.args.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    const unit = (text: string | undefined) =>
      Number.parseInt(text ?? '512', 10) * ({ k: 1024, K: 1024, M: 1 << 20, G: 1 << 30 }[(text ?? '').slice(-1)] ?? 1);
    const [from, to, count] = [option('if'), option('of'), option('count')];
    const length = unit(option('bs')) * Number(count ?? 1);
    const zero = from === '/dev/zero' || from === '/dev/urandom' || from === '/dev/random';
    const data = zero
      ? '\0'.repeat(Math.min(length, 16 << 20))
      : ((yield* tool.input(from ?? '-', (error) => `can't open '${from}': ${error.message}`)) ?? '').slice(
          0,
          count === undefined ? undefined : length,
        );
    if (to === undefined) tool.out(data);
    else
      tool.attempt(
        () => tool.box.files.write(tool.path(to), data),
        (error) => `can't open '${to}': ${error.message}`,
      );
    tool.context.io.stderr.write(`${count ?? 1}+0 records in\n${count ?? 1}+0 records out\n`);
  }),
  tee: lasting(function* tee(tool) {
    for (const name of tool.operands)
      tool.attempt(
        () => tool.box.files.write(tool.path(name), '', { append: tool.has('a') }),
        (error) => `${name}: ${error.message}`,
      );
    for (;;) {
      const bytes = yield* readSome(tool.context.io.stdin);
      if (bytes === '') return tool.code;
      tool.out(bytes);
      for (const name of tool.operands)
        tool.attempt(
          () => tool.box.files.write(tool.path(name), bytes, { append: true }),
          (error) => `${name}: ${error.message}`,
        );
    }
  }),
};
