/** The files an image brings and the programs among them. Made once for an image and shared by all its containers. */
import { PROGRAMS } from '../commands/index.ts';
import { shellProgram } from '../commands/shells.ts';
import { file, folder, treeOf, type FolderNode, type Node } from '../files/file-tree.ts';
import { accountsOf, baseFiles, flavourOf as flavourOfBase, native, shellOf, type Base } from '../images/bases.ts';
import { of, type Account, type Image } from '../images/image.ts';
import type { Flavour, Program } from '../shell/box.ts';
import { hungry } from './memory.ts';

const baseOf = ({ spec, tag }: Image): Base => of(spec.base, tag);
export const flavourOf = (image: Image): Flavour => flavourOfBase(baseOf(image));

/** Images whose files are kept ready. */
const MOST_KEPT = 200;

const programsMade = new Map<string, ReadonlyMap<string, Program>>();
/** What the names of programs stand for in its containers. */
export function imagePrograms(image: Image): ReadonlyMap<string, Program> {
  const known = programsMade.get(image.reference);
  if (known !== undefined) return known;
  const base = baseOf(image);
  const own = Object.entries(of(image.spec.programs, image.tag) ?? {});
  const programs = new Map<string, Program>([
    ...PROGRAMS[flavourOfBase(base)],
    ['sh', shellProgram(shellOf(base))],
    ...own.map(([path, program]): [string, Program] => [path.slice(path.lastIndexOf('/') + 1), program]),
  ]);
  // those of BIND speak alike everywhere
  if (image.spec.packages?.includes('dns') === true)
    for (const name of ['nslookup', 'dig', 'host']) {
      const program = programs.get(name);
      if (program)
        programs.set(name, (context) =>
          program({ ...context, box: Object.create(context.box, { flavour: { value: 'gnu' } }) as typeof context.box }),
        );
    }
  if (programsMade.size >= MOST_KEPT) programsMade.clear();
  const all = hungry(programs);
  programsMade.set(image.reference, all);
  return all;
}

const depthOf = (path: string): number => path.split('/').length;
const passwd = (accounts: readonly Account[]): string =>
  accounts.map(([user, id, home, shell]) => `${user}:x:${id}:${id}:${user}:${home}:${shell}\n`).join('');

const made = new Map<string, FolderNode>();
export function imageFiles(image: Image): FolderNode {
  const known = made.get(image.reference);
  if (known !== undefined) return known;
  const { spec, tag } = image;
  const base = baseOf(image);
  const own = spec.accounts ?? [];
  const accounts = [...accountsOf(base).filter(([, id]) => !own.some(([, ownId]) => ownId === id)), ...own].toSorted(
    ([, a], [, b]) => a - b,
  );
  const files: Record<string, Node> = {
    ...baseFiles(base, spec.packages ?? []),
    ...(accounts.length === 0
      ? {}
      : {
          'etc/passwd': file(passwd(accounts)),
          'etc/group': file(accounts.map(([user, id]) => `${user}:x:${id}:\n`).join('')),
        }),
  };
  const workdir = (spec.workdir ?? '/').slice(1);
  if (workdir !== '') files[workdir] ??= folder([], { uid: spec.user ?? 0, gid: spec.user ?? 0 });
  for (const path of Object.keys(of(spec.programs, tag) ?? {}))
    files[path.slice(1)] = native(path.slice(path.lastIndexOf('/') + 1));
  for (const [path, node] of Object.entries(of(spec.files, tag) ?? {})) {
    const before = files[path];
    files[path] =
      before?.kind === 'folder' && node.kind === 'folder' && node.entries.size === 0
        ? folder(before.entries, node)
        : node;
  }
  // folders before what is in them
  const tree = treeOf(Object.fromEntries(Object.entries(files).toSorted(([a], [b]) => depthOf(a) - depthOf(b))));
  if (made.size >= MOST_KEPT) made.clear();
  made.set(image.reference, tree);
  return tree;
}
