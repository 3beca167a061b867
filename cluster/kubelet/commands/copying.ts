/** Programs that copy, move and link files, and write what they read to some. */
import { FileError, nameOf } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readSome } from '../shell/coroutine.ts';
import { instant, lasting, type Tool } from './tool.ts';
import { usage } from './usage.ts';

function copy(tool: Tool): number | void {
  const { files } = tool.box;
  const move = tool.name === 'mv';
  const last = tool.operands.at(-1) ?? '';
  if (tool.operands.length < 2) {
    if (!tool.gnu || last === '') return usage(tool);
    tool.problem(`missing destination file operand after '${last}'`);
    tool.context.io.stderr.write(`Try '${tool.name} --help' for more information.\n`);
    return 1;
  }
  const into = files.find(tool.path(last))?.kind === 'folder';
  if (!into && tool.operands.length > 2 && tool.gnu) {
    tool.problem(
      `target '${last}': ${files.find(tool.path(last)) === undefined ? 'No such file or directory' : 'Not a directory'}`,
    );
    return 1;
  }
  for (const name of tool.operands.slice(0, -1)) {
    const shown = into || tool.operands.length > 2 ? `${last}/${nameOf(tool.path(name))}` : last;
    if (!into && tool.operands.length > 2) {
      tool.problem(`can't create '${shown}': No such file or directory`);
      continue;
    }
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
      if (move) {
        return tool.gnu
          ? `cannot move '${name}' to '${shown}': ${error.message}`
          : `can't rename '${name}': ${error.message}`;
      }
      return tool.gnu
        ? `cannot create regular file '${into ? `${last}/${nameOf(from)}` : last}': ${error.message}`
        : `can't create '${into ? `${last}/${nameOf(from)}` : last}': ${error.message}`;
    };
    if (from === target && files.find(from) !== undefined && (tool.gnu || !move)) {
      tool.problem(`'${name}' and '${shown}' are the same file`);
      continue;
    }
    const recursive = tool.has('r', 'R', 'a');
    if (!move && !recursive && files.find(from)?.kind === 'folder') {
      tool.problem(tool.gnu ? `-r not specified; omitting directory '${name}'` : `omitting directory '${name}'`);
      continue;
    }
    const done = tool.attempt(() => {
      if (move) files.rename(from, target);
      else if (recursive) copyTree(tool, from, target);
      else files.write(target, files.read(from), { mode: files.stat(from).mode });
      return true;
    }, words);
    if (done && tool.has('v')) tool.out(`${move && tool.gnu ? 'renamed ' : ''}'${name}' -> '${shown}'\n`);
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

function ln(tool: Tool): number | void {
  const { files } = tool.box;
  if (tool.operands.length === 0) return usage(tool);
  const [target = '', name = nameOf(target)] = tool.operands;
  const inside = files.find(tool.path(name))?.kind === 'folder' && !tool.has('n', 'T');
  const shown = inside ? `${name}/${nameOf(target)}` : name;
  const path = tool.path(shown);
  const symbolic = tool.has('s');
  const source = symbolic ? undefined : files.find(tool.path(target));
  if (!symbolic && source === undefined) {
    tool.problem(
      tool.gnu ? `failed to access '${target}': No such file or directory` : `${target}: No such file or directory`,
    );
    return 1;
  }
  if (source?.kind === 'folder') {
    tool.problem(tool.gnu ? `${target}: hard link not allowed for directory` : `${shown}: Operation not permitted`);
    return 1;
  }
  const done = tool.attempt(
    () => {
      if (tool.has('f') && files.find(path, false)) files.remove(path);
      if (files.find(path, false) !== undefined) throw new FileError('EEXIST');
      if (source === undefined) files.makeLink(target, path);
      else files.place(path, source);
      return true;
    },
    (error) =>
      tool.gnu
        ? `failed to create ${symbolic ? 'symbolic' : 'hard'} link '${shown}': ${error.message}`
        : `${shown}: ${error.message}`,
  );
  if (done && tool.has('v')) tool.out(`'${shown}' ${symbolic ? '->' : '=>'} '${target}'\n`);
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
    const skip = unit(option('bs')) * Number(option('skip') ?? 0);
    const zero = from === '/dev/zero' || from === '/dev/urandom' || from === '/dev/random';
    const data = zero
      ? '\0'.repeat(Math.min(length, 16 << 20))
      : (
          (yield* tool.input(from ?? '-', (error) =>
            tool.gnu ? `failed to open '${from}': ${error.message}` : `can't open '${from}': ${error.message}`,
          )) ?? ''
        ).slice(skip, count === undefined ? undefined : skip + length);
    if (tool.code !== 0) return tool.code;
    if (to === undefined) tool.out(data);
    else
      tool.attempt(
        () => tool.box.files.write(tool.path(to), data),
        (error) => `can't open '${to}': ${error.message}`,
      );
    tool.context.io.stderr.write(`${count ?? 1}+0 records in\n${count ?? 1}+0 records out\n`);
  }),
  tee: lasting(function* tee(tool) {
    const opened = tool.operands.filter((name) =>
      tool.attempt(
        () => (tool.box.files.write(tool.path(name), '', { append: tool.has('a') }), true),
        (error) => `${name}: ${error.message}`,
      ),
    );
    for (;;) {
      const bytes = yield* readSome(tool.context.io.stdin);
      if (bytes === '') return tool.code;
      tool.out(bytes);
      for (const name of opened)
        tool.attempt(
          () => tool.box.files.write(tool.path(name), bytes, { append: true }),
          (error) => `${name}: ${error.message}`,
        );
    }
  }),
};
