/** Programs that change files' modes and owners. */
import type { Node } from '../files/file-tree.ts';
import type { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';
import { userId } from './users.ts';

/** `u+x`, `644`, `a-w`: undefined when it means nothing. */
export function changedMode(text: string, mode: number): number | undefined {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  let next = mode;
  for (const clause of text.split(',')) {
    const [, who = '', sign = '', rights = ''] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? [];
    if (sign === '') return undefined;
    let bits = 0;
    for (const letter of rights) bits |= { r: 4, w: 2, x: 1, X: 1 }[letter] ?? 0;
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes(letter) && !who.includes('a')) continue;
      if (sign === '+') next |= bits << shift;
      else if (sign === '-') next &= ~(bits << shift);
      else next = (next & ~(7 << shift)) | (bits << shift);
    }
  }
  return next;
}

function forEachTarget(tool: Tool, names: readonly string[], change: (path: string, node: Node) => void): void {
  const { files } = tool.box;
  const visit = (name: string, path: string): void => {
    const words = (error: FileError) =>
      tool.gnu && error.fault === 'ENOENT'
        ? `cannot access '${name}': ${error.message}`
        : tool.gnu
          ? `changing ${tool.name === 'chmod' ? 'permissions' : 'ownership'} of '${name}': ${error.message}`
          : `${name}: ${error.message}`;
    tool.attempt(() => change(path, files.stat(path)), words);
    if (tool.has('R') && files.find(path)?.kind === 'folder')
      for (const child of files.list(path)) visit(`${name}/${child}`, `${path}/${child}`);
  };
  for (const name of names) visit(name, tool.path(name));
}

function chmod(tool: Tool): void {
  // `-x` looks like an option, and is a mode
  const words = tool.args.filter((word) => word !== '-R');
  const [mode = '', ...names] = words;
  if (changedMode(mode, 0) === undefined) tool.problem(`invalid mode '${mode}'`);
  else
    forEachTarget(tool, names, (path, node) =>
      tool.box.files.change(path, { mode: changedMode(mode, node.mode) ?? node.mode }),
    );
}

function chown(tool: Tool): void {
  const [owner = '', ...names] = tool.operands;
  const [user = '', group] = tool.name === 'chgrp' ? ['', owner] : owner.split(/[:.]/);
  const uid = user === '' ? undefined : userId(tool.box, user);
  if (user !== '' && uid === undefined) {
    tool.problem(tool.gnu ? `invalid user: '${owner}'` : `unknown user ${user}`);
    return;
  }
  const gid = group === undefined || group === '' ? undefined : Number.isNaN(Number(group)) ? 0 : Number(group);
  forEachTarget(tool, names, (path) =>
    tool.box.files.change(path, { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) }),
  );
}

export const PERMISSIONS: Readonly<Record<string, Program>> = {
  chmod: instant(chmod),
  chown: instant(chown),
  chgrp: instant(chown),
};
