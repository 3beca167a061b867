import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname, join, resolve, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import type { HostOptions, Machine, ShellProcess } from '../driver.ts';
import { API_CONNECTIONS, SSH_LOGINS, SUDO_COMMANDS } from '../limits.ts';
import { MAPPED_ID, type HostLayout } from './arguments.ts';
import type { Cgroups } from './cgroups.ts';
import type { Fullness } from './disk.ts';
import { hostAddress, ownEtcFiles, SUDO_DOOR, type SshKeys } from './files.ts';
import { startNamespaces, type Door } from './namespaces.ts';
import { endSandbox, NO_ENVIRONMENT } from './processes.ts';
import { startOnTerminal } from './pty.ts';
import { shellCommand } from './shell.ts';
import type { TerminalSize } from '../terminal/twin.ts';
import { serveSudo, type SudoCommand } from './sudo.ts';

/** What all machines of a driver share. */
export interface Surroundings {
  host: HostLayout;
  toolsDir: string;
  tools: readonly string[];
  /** Those of them that the server's own machine has in its path as well. */
  toolsOfHost: readonly string[];
  etc: string;
  /** Paths below /etc for every machine, and for those with a cluster. */
  etcFiles: readonly string[];
  clusterEtcFiles: readonly string[];
  seccompFile: string;
  ssh: { dir: string; keys: SshKeys } | undefined;
}

export interface SandboxMachineOptions extends HostOptions {
  /** Folder of this machine's own files; made here, removed by `close`. */
  runDir: string;
  uid: number;
  cgroups: Cgroups;
  hosts: readonly Pick<HostOptions, 'hostname'>[];
  /** Called for each connection to the SSH port of the n-th host; `unread`, for `login` of that machine. */
  onSsh: (index: number, socket: Socket) => void;
  /** Whether `login` is used. */
  reachable: boolean;
}

export interface SandboxMachine extends Machine {
  /** Serves SSH on a connection of which nothing was read. */
  login(socket: Socket): void;
  /** Tells the learner a sentence at the next prompt. */
  tell(sentence: string): void;
  /** Ends all that runs. */
  stop(): void;
  /** How much what starts from now on may write; and what it is told. */
  fill(state: Fullness, sentence: string | undefined): void;
  /** The folders on the server's disk that the learner writes. */
  readonly folders: readonly string[];
}

export async function openSandboxMachine(
  shared: Surroundings,
  options: SandboxMachineOptions,
): Promise<SandboxMachine> {
  const { host } = shared;
  const { runDir, uid, cluster, hostname } = options;
  const own = join(runDir, 'own');
  const owner = host.tier === 'same-uid' ? undefined : uid;
  mkdirSync(join(own, 'reached'), { recursive: true, mode: 0o755 });
  const reached = join(own, 'reached', 'limits');
  writeFileSync(reached, '', { mode: 0o644 });
  if (cluster !== undefined) writeFileSync(join(own, 'kubeconfig'), cluster.kubeconfig, { mode: 0o644 });
  const etc = ownEtcFiles({
    id: host.tier === 'own-uid-plain' ? uid : MAPPED_ID,
    hostname,
    hosts: options.hosts,
    reachable: options.reachable,
    keys: shared.ssh?.keys,
  });
  for (const [name, text] of Object.entries(etc)) writeOwn(join(own, 'etc', name), text, owner);
  const rootHome = `${options.home}.root`;
  prepareHome(options.home, owner, options.files);
  prepareHome(rootHome, owner);

  let serial = 0;
  let full: Fullness = 'free';
  const running = new Set<() => void>();
  const command = (start: readonly string[], as: { scriptFile?: string; root?: boolean } = {}) => {
    serial += 1;
    return shellCommand({
      host,
      uid,
      keeper: namespaces.keeper,
      seccompFile: shared.seccompFile,
      // The next one may be started before bwrap has read this.
      argumentsFile: join(runDir, `${serial % 64}.args`),
      scriptFile: as.scriptFile,
      cgroups: options.cgroups.procs,
      start,
      contents: {
        hostname,
        tools: cluster === undefined ? [] : shared.tools,
        absent: cluster === undefined ? shared.toolsOfHost : [],
        etcFiles: cluster === undefined ? shared.etcFiles : [...shared.etcFiles, ...shared.clusterEtcFiles],
        ownEtcFiles: Object.keys(etc),
        kubeconfig: cluster !== undefined,
        openssh: start[0] === 'ssh',
        root: as.root ?? false,
        homeReadOnly: full === 'closed',
      },
    });
  };
  /** Starts a sandbox without a terminal, and ends it with the machine. */
  const start = (file: string, args: string[], stdio: ('ignore' | 'pipe' | Socket)[]): [ChildProcess, () => void] => {
    const child = spawn(file, args, { cwd: '/', env: NO_ENVIRONMENT, stdio, detached: true });
    const kill = (): void => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) endSandbox(child.pid);
    };
    running.add(kill);
    child.once('close', () => running.delete(kill));
    return [child, kill];
  };

  const onTerminal = (file: string, args: string[], size: TerminalSize): ShellProcess => {
    const shell = startOnTerminal(file, args, size);
    const kill = (): void => shell.kill();
    running.add(kill);
    shell.onExit(() => running.delete(kill));
    return shell;
  };

  const asRoot = (asked: SudoCommand) => {
    const settings = Object.entries(asked.environment).map(([name, value]) => `${name}=${value}`);
    const { file, args } = command(['command', asked.folder, ...settings, ...asked.command], {
      root: true,
    });
    if (asked.size !== undefined) return { shell: onTerminal(file, args, asked.size) };
    const [child, kill] = start(file, args, ['pipe', 'pipe', 'pipe']);
    return { child, kill };
  };
  const doors: Door[] = [
    ...(cluster === undefined ? [] : [clusterDoor(cluster.connect)]),
    // Becoming root means another number inside a user namespace; without one there is none to become.
    ...(host.tier === 'own-uid-plain'
      ? []
      : [{ ...SUDO_DOOR, most: SUDO_COMMANDS, onConnection: (socket: Socket) => serveSudo(socket, asRoot) }]),
    ...options.hosts.map((_, index) => ({
      address: hostAddress(index),
      port: 22,
      most: SSH_LOGINS,
      unread: true,
      onConnection: (socket: Socket) => options.onSsh(index, socket),
    })),
  ];
  const namespaces = await startNamespaces({
    host,
    hostname,
    doors,
    mounts: {
      home: options.home,
      rootHome,
      toolsDir: shared.toolsDir,
      etc: shared.etc,
      own,
      openssh: shared.ssh?.dir,
    },
  }).catch((error: unknown) => {
    rmSync(runDir, { recursive: true, force: true });
    throw error;
  });

  return {
    shell(size) {
      const { file, args } = command(['login']);
      return onTerminal(file, args, size);
    },
    script(text) {
      const scriptFile = join(runDir, `script-${serial}`);
      writeFileSync(scriptFile, text, { mode: 0o600 });
      const { file, args } = command(['script'], { scriptFile });
      const [child, kill] = start(file, args, ['ignore', 'pipe', 'pipe']);
      const { stdout, stderr } = child;
      if (stdout === null || stderr === null) throw new Error('a script without pipes');
      const ended = new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => resolve(code ?? 137));
      }).finally(() => rmSync(scriptFile, { force: true }));
      return { stdout, stderr, ended, kill };
    },
    login(socket) {
      const { file, args } = command(['ssh']);
      const [child] = start(file, args, [socket, socket, 'ignore']);
      // To the client that could not be served this is a connection that ends.
      child.once('error', () => undefined);
      // The server's own copy: the connection lasts as long as the program has its.
      socket.destroy();
    },
    folders: [options.home, rootHome],
    fill(state, sentence) {
      full = state;
      writeFileSync(join(own, 'reached', 'full'), sentence === undefined ? '' : `${sentence}\n`, { mode: 0o644 });
    },
    stop() {
      for (const kill of running) kill();
    },
    tell(sentence) {
      writeFileSync(reached, `${sentence}\n`, { flag: 'a' });
    },
    async close() {
      for (const kill of running) kill();
      await namespaces.close();
      rmSync(runDir, { recursive: true, force: true });
    },
  };
}

/** Where the learner's kubectl finds the API server. */
function clusterDoor(connect: () => Duplex): Door {
  return {
    address: '127.0.0.1',
    port: 6443,
    most: API_CONNECTIONS,
    onConnection(inner) {
      let outer: Duplex;
      try {
        outer = connect();
      } catch {
        // The cluster is not there just now: to the client inside that is a connection that breaks, as with a real server.
        inner.destroy();
        return;
      }
      inner.setNoDelay(true);
      // Copies both ways until either end closes; an error on one side is the end of the other.
      const ways: [Duplex, Duplex][] = [
        [inner, outer],
        [outer, inner],
      ];
      for (const [from, to] of ways) {
        from.pipe(to);
        // Why a connection broke is told by the client inside; here there is only the other half to close.
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    },
  };
}

/** Files with a key may only be read by the one who has it: ssh looks. */
function writeOwn(path: string, text: string, owner: number | undefined): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, text);
  const secret = /PRIVATE KEY/.test(text);
  chmodSync(path, secret ? 0o600 : 0o644);
  if (secret && owner !== undefined) chownSync(path, owner, owner);
}

/**
 * Makes the home and gives it to the learner. Of one that is there only the folder itself is touched: what lies in it is the learner's, and
 * following its links as root would let them write anywhere.
 */
function prepareHome(home: string, uid: number | undefined, files: Readonly<Record<string, string>> = {}): void {
  if (lstatSync(home, { throwIfNoEntry: false }) === undefined) makeHome(home, uid, files);
  if (!lstatSync(home).isDirectory()) throw new Error(`the home ${home} is not a folder`);
  if (uid !== undefined) chownSync(home, uid, uid);
}

/** Whole or not at all: a server that is killed meanwhile must not leave a home without its files. */
function makeHome(home: string, uid: number | undefined, files: Readonly<Record<string, string>>): void {
  const part = `${home}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o750 });
  const give = (path: string): void => {
    if (uid !== undefined) chownSync(path, uid, uid);
  };
  for (const [name, text] of Object.entries(files)) {
    const path = resolve(part, name);
    if (!path.startsWith(part + sep)) throw new RangeError(`not a path in a home: ${JSON.stringify(name)}`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    writeFileSync(path, text, { mode: 0o644 });
    for (let each = path; each !== part; each = dirname(each)) give(each);
  }
  renameSync(part, home);
}
