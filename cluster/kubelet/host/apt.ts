/** apt on a node, for Kubernetes' own packages: which versions there are, holding them, installing another. */
import type { Context, Machine, Program } from '../shell/box.ts';
import { atOnce } from '../shell/coroutine.ts';
import { FileError } from '../files/file-view.ts';

const PACKAGES = ['kubeadm', 'kubectl', 'kubelet'] as const;
type Package = (typeof PACKAGES)[number];
const isOurs = (name: string): name is Package => (PACKAGES as readonly string[]).includes(name);

/** By minor version, the newest first: what pkgs.k8s.io has of it here. */
const PATCHES: Readonly<Record<string, readonly number[]>> = {
  '1.34': [7, 6, 5, 4, 3, 2, 1, 0],
  '1.35': [5, 4, 3, 2, 1, 0],
  '1.36': [1, 0],
};
const SOURCE = '/etc/apt/sources.list.d/kubernetes.list';

function minorOf({ box }: Context): string | undefined {
  try {
    return /^deb .*\/stable:\/v(1\.\d+)\/deb/m.exec(box.files.read(SOURCE))?.[1];
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function versions(context: Context): string[] {
  const minor = minorOf(context);
  return minor === undefined ? [] : (PATCHES[minor] ?? []).map((patch) => `${minor}.${patch}`);
}

const repository = (context: Context): string => `https://pkgs.k8s.io/core:/stable:/v${minorOf(context) ?? ''}/deb`;

function madison(context: Context, names: readonly string[]): number {
  for (const name of names.filter(isOurs)) {
    for (const version of versions(context)) {
      context.io.stdout.write(
        `${name.padStart(10)} | ${`${version}-1.1`.padStart(10)} | ${repository(context)}  Packages\n`,
      );
    }
  }
  return 0;
}

function policy(context: Context, machine: Machine, names: readonly string[]): number {
  for (const name of names.filter(isOurs)) {
    const [newest = ''] = versions(context);
    context.io.stdout.write(
      `${name}:\n  Installed: ${machine.state().packages[name]}-1.1\n  Candidate: ${newest}-1.1\n  Version table:\n${versions(
        context,
      )
        .map((version) => `     ${version}-1.1 500\n        500 ${repository(context)}  Packages\n`)
        .join('')}`,
    );
  }
  return 0;
}

function mark(context: Context, machine: Machine, [verb = '', ...names]: readonly string[]): number {
  const { io } = context;
  const held = new Set(machine.state().held);
  if (verb === 'showhold') {
    io.stdout.write(
      [...held]
        .sort()
        .map((name) => `${name}\n`)
        .join(''),
    );
    return 0;
  }
  for (const name of names) {
    if (verb === 'hold') io.stdout.write(`${name} ${held.has(name) ? 'was already' : 'set'} on hold.\n`);
    else io.stdout.write(held.has(name) ? `Canceled hold on ${name}.\n` : `${name} was already not on hold.\n`);
    if (verb === 'hold') held.add(name);
    else held.delete(name);
  }
  machine.change({ held: [...held].sort() });
  return 0;
}

function update(context: Context): number {
  const { io } = context;
  io.stdout.write('Hit:1 http://archive.ubuntu.com/ubuntu noble InRelease\n');
  if (minorOf(context) !== undefined) io.stdout.write(`Hit:2 ${repository(context)}  InRelease\n`);
  io.stdout.write('Reading package lists... Done\n');
  return 0;
}

function install(context: Context, machine: Machine, words: readonly string[]): number {
  const { io, argv } = context;
  const names = words.filter((word) => !word.startsWith('-'));
  io.stdout.write(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  );
  const wanted: [Package, string][] = [];
  for (const word of names) {
    const [name = '', given] = word.split('=');
    if (!isOurs(name)) {
      io.stderr.write(`E: Unable to locate package ${name}\n`);
      return 100;
    }
    const asked = given?.replace(/-\*$|-1\.1$/, '').replace(/\.\*$/, '');
    const version = versions(context).find(
      (one) => asked === undefined || one === asked || one.startsWith(`${asked}.`),
    );
    if (version === undefined) {
      io.stderr.write(`E: Version '${given}' for '${name}' was not found\n`);
      return 100;
    }
    wanted.push([name, version]);
  }
  const { held, packages } = machine.state();
  const changes = wanted.filter(([name, version]) => packages[name] !== version);
  const stuck = changes.filter(([name]) => held.includes(name));
  if (stuck.length > 0 && !argv.includes('--allow-change-held-packages')) {
    io.stdout.write(`The following held packages will be changed:\n  ${stuck.map(([name]) => name).join(' ')}\n`);
    io.stderr.write('E: Held packages were changed and -y was used without --allow-change-held-packages.\n');
    return 100;
  }
  for (const [name, version] of wanted) {
    if (packages[name] === version) io.stdout.write(`${name} is already the newest version (${version}-1.1).\n`);
  }
  if (changes.length > 0) {
    io.stdout.write(`The following packages will be upgraded:\n  ${changes.map(([name]) => name).join(' ')}\n`);
  }
  io.stdout.write(`${changes.length} upgraded, 0 newly installed, 0 to remove and 12 not upgraded.\n`);
  for (const [name, version] of changes) {
    io.stdout.write(
      `Unpacking ${name} (${version}-1.1) over (${packages[name]}-1.1) ...\nSetting up ${name} (${version}-1.1) ...\n`,
    );
  }
  machine.change({ packages: { ...packages, ...Object.fromEntries(changes) } });
  return 0;
}

function apt(context: Context): number {
  const { argv, box, io } = context;
  const { machine } = box;
  const [program = '', ...rest] = argv;
  const words = rest.filter((word) => !/^(-y|-q|-qq|--yes|--no-install-recommends)$/.test(word));
  const [verb = '', ...names] = words;
  if (machine === undefined) {
    io.stderr.write('E: Unable to locate package lists\n');
    return 100;
  }
  if (program === 'apt-mark') return mark(context, machine, words);
  switch (verb) {
    case 'update':
      return update(context);
    case 'install':
      return install(
        context,
        machine,
        names.filter((name) => !name.startsWith('--')),
      );
    case 'madison':
      return madison(context, names);
    case 'policy':
      return policy(context, machine, names);
    case 'list':
      io.stdout.write('Listing... Done\n');
      for (const name of PACKAGES)
        io.stdout.write(`${name}/unknown,now ${machine.state().packages[name]}-1.1 amd64 [installed]\n`);
      return 0;
    default:
      io.stderr.write(`E: Invalid operation ${verb}\n`);
      return 100;
  }
}

const program: Program = (context) => atOnce(() => apt(context));
export const APT: Readonly<Record<string, Program>> = {
  apt: program,
  'apt-cache': program,
  'apt-get': program,
  'apt-mark': program,
};
