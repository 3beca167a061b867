import { PROCESSES, SHM_BYTES } from '../limits.ts';
import { BROUGHT, ENVIRONMENT, HOME, HOST_ETC, ROOT_ENVIRONMENT, ROOT_HOME } from './files.ts';

/**
 * How a learner's processes get their identity.
 * - `own-uid`: the server is root; each workspace has a uid of its own and its shells a user namespace.
 * - `own-uid-plain`: the server is root, but the host lets other users make no user namespaces; the uid is taken inside instead.
 * - `same-uid`: the server is an ordinary user; workspaces are kept apart by namespaces alone.
 */
export type Tier = 'own-uid' | 'own-uid-plain' | 'same-uid';

/** uid and gid that a learner sees where there is a user namespace to map them. */
export const MAPPED_ID = 1000;

const ROOT_LINKS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'] as const;

/** Descriptors on which a shell's bwrap finds its arguments, its filter and a script. */
export const SCRIPT_FD = 7;
export const ARGUMENTS_FD = 8;
export const SECCOMP_FD = 9;

/** Facts of the host that the arguments depend on. */
export interface HostLayout {
  tier: Tier;
  /** The entries of ROOT_NAMES that exist: the target of a symbolic link, or undefined for a folder, which is mounted. */
  rootLinks: ReadonlyMap<(typeof ROOT_LINKS)[number], string | undefined>;
  /** Options that this bwrap knows. */
  bwrapOptions: ReadonlySet<string>;
  /** Linux counts processes by user and user namespace since 5.14, before that by user alone. */
  countsByNamespace: boolean;
  /** Absolute paths of the programs that build a sandbox. */
  programs: Record<(typeof PROGRAMS)[number], string>;
}

export const PROGRAMS = ['bwrap', 'nsenter', 'setpriv', 'prlimit', 'mount', 'sh', 'bash'] as const;

export const ROOT_NAMES: readonly (typeof ROOT_LINKS)[number][] = ROOT_LINKS;

function systemFolders(host: HostLayout): string[] {
  const args = ['--ro-bind', '/usr', '/usr'];
  for (const [name, target] of host.rootLinks) {
    if (target === undefined) args.push('--ro-bind', `/${name}`, `/${name}`);
    else args.push('--symlink', target, `/${name}`);
  }
  return args;
}

/** Folders that all may pass: made on the way to a mount, bwrap would close them to all but root. */
const openFolders = (host: HostLayout, ...folders: string[]): string[] =>
  folders.flatMap((folder) => [
    '--dir',
    folder,
    ...(host.bwrapOptions.has('--chmod') ? ['--chmod', '0755', folder] : []),
  ]);

export interface MachineMounts {
  home: string;
  toolsDir: string;
  /** The folder of /etc files. */
  etc: string;
  /** This machine's own files: kubeconfig, and those below etc/ that say who and where it is. */
  own: string;
  /** Home of its root. */
  rootHome: string;
  /** The SSH server and its libraries, where there is one. */
  openssh: string | undefined;
  node: string;
  listenScript: string;
}

/**
 * Arguments of the machine: the outer sandbox that lives as long as the workspace. It holds the network namespace, /tmp and the mounts, runs
 * nothing of the learner's, and is why shells need no access to the folders that lead to the home or the tools.
 */
export function machineArguments(host: HostLayout, hostname: string, mounts: MachineMounts): string[] {
  return [
    ...(host.tier === 'same-uid' ? ['--unshare-user', '--uid', '0', '--gid', '0'] : []),
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    '--hostname',
    hostname,
    '--die-with-parent',
    ...systemFolders(host),
    ...openFolders(host, '/home', '/run', BROUGHT, '/var', '/var/cache'),
    '--ro-bind',
    '/etc',
    '/etc',
    // A fresh /proc in a shell's user namespace is only allowed while a whole one is visible here.
    '--bind',
    '/proc',
    '/proc',
    '--dev',
    '/dev',
    // So that a shell's bwrap finds its own terminal by name and puts it at /dev/console, where `tty` looks.
    '--dev-bind',
    '/dev/pts',
    '/dev/pts',
    '--ro-bind-try',
    '/var/cache/man',
    '/var/cache/man',
    '--dir',
    '/tmp',
    '--bind',
    mounts.home,
    HOME,
    '--ro-bind',
    mounts.toolsDir,
    `${BROUGHT}/tools`,
    '--ro-bind',
    mounts.etc,
    `${BROUGHT}/etc`,
    '--ro-bind',
    mounts.own,
    `${BROUGHT}/own`,
    '--bind',
    mounts.rootHome,
    ROOT_HOME,
    ...(mounts.openssh === undefined ? [] : ['--ro-bind', mounts.openssh, `${BROUGHT}/openssh`]),
    '--ro-bind',
    mounts.node,
    `${BROUGHT}/node`,
    '--ro-bind',
    mounts.listenScript,
    `${BROUGHT}/listen.mjs`,
    '--cap-drop',
    'ALL',
    // To mount /tmp with a cap on its inodes, which bwrap can't; gone with the script that does it, but for the namespaces' keeper.
    '--cap-add',
    'CAP_SYS_ADMIN',
    // For the listener on port 22 of other hosts.
    '--cap-add',
    'CAP_NET_BIND_SERVICE',
    '--remount-ro',
    '/',
  ];
}

/** What a shell finds inside. */
export interface ShellContents {
  hostname: string;
  tools: readonly string[];
  /** Commands of the server's own machine that are not to be found. */
  absent: readonly string[];
  /** Paths below /etc that are the same on all machines. */
  etcFiles: readonly string[];
  /** Paths below /etc that are this machine's own. */
  ownEtcFiles: readonly string[];
  kubeconfig: boolean;
  script: boolean;
  /** With the SSH server. */
  openssh: boolean;
  /** As the machine's root: its own home, and the same person to the host. */
  root: boolean;
  homeReadOnly: boolean;
}

/** Arguments of one shell or script inside the machine, read by bwrap from a descriptor. */
export function shellArguments(host: HostLayout, shell: ShellContents): string[] {
  const id = shell.root ? '0' : String(MAPPED_ID);
  const has = (option: string): boolean => host.bwrapOptions.has(option);
  const capped = (bytes: number): string[] => (has('--size') ? ['--size', String(bytes)] : []);
  return [
    ...(host.tier === 'own-uid-plain'
      ? ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP']
      : ['--unshare-user', '--uid', id, '--gid', id, ...(has('--disable-userns') ? ['--disable-userns'] : [])]),
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    '--hostname',
    shell.hostname,
    '--die-with-parent',
    ...systemFolders(host),
    '--tmpfs',
    '/usr/local',
    ...openFolders(host, '/usr/local', '/usr/local/bin'),
    ...shell.tools.flatMap((tool) => ['--ro-bind', `${BROUGHT}/tools/${tool}`, `/usr/local/bin/${tool}`]),
    ...shell.absent.flatMap((tool) => ['--ro-bind', `${BROUGHT}/etc/drydock/absent`, `/usr/local/bin/${tool}`]),
    '--ro-bind',
    `${BROUGHT}/etc/drydock/sudo`,
    '/usr/local/bin/sudo',
    '--remount-ro',
    '/usr/local',
    ...openFolders(
      host,
      '/etc',
      '/etc/ssl',
      '/etc/ssh',
      '/etc/drydock',
      '/home',
      ROOT_HOME,
      '/run',
      BROUGHT,
      '/var',
      '/var/cache',
    ),
    ...HOST_ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...shell.etcFiles.flatMap((name) => ['--ro-bind', `${BROUGHT}/etc/${name}`, `/etc/${name}`]),
    '--ro-bind-try',
    '/var/cache/man',
    '/var/cache/man',
    '--symlink',
    '/tmp',
    '/var/tmp',
    ...(shell.kubeconfig ? ['--ro-bind', `${BROUGHT}/own/kubeconfig`, `${BROUGHT}/kubeconfig`] : []),
    ...shell.ownEtcFiles.flatMap((name) => ['--ro-bind', `${BROUGHT}/own/etc/${name}`, `/etc/${name}`]),
    '--ro-bind',
    `${BROUGHT}/own/reached`,
    `${BROUGHT}/reached`,
    ...(shell.openssh ? ['--ro-bind', `${BROUGHT}/openssh`, `${BROUGHT}/openssh`] : []),
    ...(shell.script
      ? [...(has('--perms') ? ['--perms', '0444'] : []), '--ro-bind-data', String(SCRIPT_FD), `${BROUGHT}/script`]
      : []),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...capped(SHM_BYTES),
    '--tmpfs',
    '/dev/shm',
    '--remount-ro',
    '/dev',
    '--bind',
    '/tmp',
    '/tmp',
    shell.homeReadOnly ? '--ro-bind' : '--bind',
    HOME,
    HOME,
    ...(shell.root ? ['--bind', ROOT_HOME, ROOT_HOME] : []),
    '--remount-ro',
    '/',
    '--seccomp',
    String(SECCOMP_FD),
    '--clearenv',
    ...Object.entries({ ...ENVIRONMENT, ...(shell.root ? ROOT_ENVIRONMENT : {}) }).flatMap(([name, value]) => [
      '--setenv',
      name,
      value,
    ]),
    // The start script goes home: bwrap itself need not be the learner.
    '--chdir',
    '/',
  ];
}

/** bwrap's own format for `--args FD`. */
export const argumentBytes = (args: readonly string[]): Buffer => Buffer.from(args.map((arg) => `${arg}\0`).join(''));

/** The command after bwrap's options. */
export function startCommand(host: HostLayout, uid: number, what: readonly string[]): string[] {
  const start = ['/bin/sh', '/etc/drydock/start', ...what];
  const id = String(uid);
  const become: Record<Tier, string[]> = {
    'own-uid': [],
    'own-uid-plain': [
      host.programs.setpriv,
      '--reuid',
      id,
      '--regid',
      id,
      '--clear-groups',
      '--inh-caps=-all',
      '--bounding-set=-all',
      '--',
    ],
    // Here, and not before bwrap, as only inside its user namespace the server owner's other processes are not counted.
    'same-uid': host.countsByNamespace ? [host.programs.prlimit, `--nproc=${PROCESSES}`] : [],
  };
  return [...become[host.tier], ...start];
}
