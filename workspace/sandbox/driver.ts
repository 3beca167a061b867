import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import type { Driver, Machine, MachineOptions, RemoteHostOptions } from '../driver.ts';
import { LOOK_EVERY_MS } from '../limits.ts';
import type { HostLayout, Tier } from './arguments.ts';
import { cgroupHost, type CgroupHost, type CgroupVersion } from './cgroups.ts';
import { commandsIn, completions, writeEtc } from './contents.ts';
import { fullness, fullSentence, grew, watchDisk, type Held, type Watched } from './disk.ts';
import { ETC_FILES, MOST_HOSTS, type SshKeys } from './files.ts';
import { readHost, tiersToTry, unavailable } from './host.ts';
import { openSandboxMachine, type SandboxMachine, type Surroundings } from './machine.ts';
import { isRunning, processIdentity } from './processes.ts';
import { seccompArchitecture, seccompProgram } from './seccomp.ts';

export interface SandboxDriverOptions {
  /** Folder with kubectl and helm; every executable in it becomes a command of the learner's. */
  toolsDir: string;
  /** Folder with sshd and its libraries, as the set-up unpacks them; without it machines have no hosts. */
  opensshDir?: string;
  /** Folder for what must outlive the server (numbers given out, keys) and for what runs; made when missing. */
  dataDir: string;
  log: (message: string) => void;
  /** Ways of keeping learners apart to try, best first; left out, those that suit the server's own user. */
  tiers?: readonly Tier[];
}

export interface SandboxDriver extends Driver {
  readonly tier: Tier;
  readonly cgroups: CgroupVersion;
}

/** First uid given to a learner: above those of people, containers (subuid) and systemd, below 2^31. */
const FIRST_UID = 1_900_000_000;
const LAST_UID = 2_100_000_000;

/**
 * Machines as bubblewrap sandboxes on this host. Proves that they can be built here, and cleans up after a server that was killed.
 * Throws SandboxUnavailableError, with why and what to install, where none can be built.
 */
export async function createSandboxDriver(options: SandboxDriverOptions): Promise<SandboxDriver> {
  const { dataDir, log } = options;
  const toolsDir = resolve(options.toolsDir);
  const layout = readHost();
  const tools = commandsIn(toolsDir);
  const groups = cgroupHost();
  const me = processIdentity(process.pid);
  if (me === undefined) throw new Error('/proc/self/stat says nothing of this process');
  const serversDir = join(resolve(dataDir), 'workspaces');
  mkdirSync(serversDir, { recursive: true, mode: 0o700 });
  for (const cleaned of scrub(serversDir, groups)) log(`cleaned up after a server that was killed: ${cleaned}`);

  const serverName = mkdtempSync(join(serversDir, `${me.pid}-${me.started}-`)).slice(serversDir.length + 1);
  const runDir = join(serversDir, serverName);
  const architecture = seccompArchitecture(process.arch);
  if (architecture === undefined) throw new Error(`no system-call filter for ${process.arch}`);
  const seccompFile = join(runDir, 'seccomp.bpf');
  writeFileSync(seccompFile, seccompProgram(architecture));
  const etc = join(runDir, 'etc');
  const completionFiles = completions(toolsDir, tools, resolve(dataDir));
  writeEtc(etc, { ...ETC_FILES, ...completionFiles });
  const ssh = sshServer(options.opensshDir, join(resolve(dataDir), 'ssh'));

  const nextUid = uidCounter(join(serversDir, 'next-uid'));
  const isRoot = process.getuid?.() === 0;
  const uidFor = (home: string): number => (isRoot ? (ownerOf(home) ?? nextUid()) : (process.getuid?.() ?? 0));
  const machines = new Set<Machine>();
  const watched = new Map<SandboxMachine, Watched & { look(): void }>();

  const openWith = async (host: HostLayout, options: MachineOptions): Promise<Machine> => {
    const shared: Surroundings = {
      host,
      toolsDir,
      tools,
      toolsOfHost: tools.filter((tool) => ['/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, tool)))),
      etc,
      etcFiles: Object.keys(ETC_FILES),
      clusterEtcFiles: Object.keys(completionFiles),
      seccompFile,
      ssh: 'keys' in ssh ? ssh : undefined,
    };
    const hosts = options.hosts ?? [];
    if (hosts.length > MOST_HOSTS) throw new RangeError(`more than ${MOST_HOSTS} hosts`);
    for (const { hostname } of [options, ...hosts]) {
      if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(hostname))
        throw new RangeError(`not a host name: ${JSON.stringify(hostname)}`);
    }
    if (hosts.length > 0 && !('keys' in ssh)) throw new Error(ssh.why);
    // One person, one number and one set of limits, on however many hosts.
    const uid = uidFor(resolve(options.home));
    const name = `${serverName}-${options.id}`;
    const cgroups = groups.create(name);
    const folder = join(runDir, options.id);
    const others = new Map<number, Promise<SandboxMachine>>();
    const made: SandboxMachine[] = [];
    let closed = false;
    const openOther = async (index: number, { cluster, ...other }: RemoteHostOptions): Promise<SandboxMachine> => {
      const access = typeof cluster === 'function' ? await cluster() : cluster;
      return openSandboxMachine(shared, {
        ...other,
        ...(access && { cluster: access }),
        home: resolve(other.home),
        runDir: join(folder, 'hosts', String(index)),
        uid,
        cgroups,
        hosts: [],
        onSsh: () => undefined,
        reachable: true,
      });
    };
    const onSsh = (index: number, socket: Socket): void => {
      const other = hosts[index];
      if (other === undefined || closed) {
        socket.destroy();
        return;
      }
      const opening = others.get(index) ?? openOther(index, other);
      others.set(index, opening);
      opening.then(
        (machine) => {
          if (!made.includes(machine)) made.push(machine);
          if (!socket.destroyed) machine.login(socket);
          return machine;
        },
        (error: unknown) => {
          // The next login tries again; to this one it is a host that does not answer.
          others.delete(index);
          log(`host ${other.hostname} of ${options.id} could not be made: ${String(error)}`);
          socket.destroy();
        },
      );
    };
    const base = await openSandboxMachine(shared, {
      ...options,
      home: resolve(options.home),
      runDir: join(folder, 'base'),
      uid,
      cgroups,
      hosts,
      onSsh,
      reachable: false,
    }).catch((error: unknown) => {
      cgroups.remove();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    const all = (): SandboxMachine[] => [base, ...made];
    const tell = (sentence: string): void => {
      log(`${options.id}: ${sentence}`);
      options.onLimit?.(sentence);
      for (const each of all()) each.tell(sentence);
    };
    let before: Held = { bytes: 0, files: 0 };
    watched.set(base, {
      folders: [options.home, ...hosts.map(({ home }) => home)].flatMap((home) => [
        resolve(home),
        `${resolve(home)}.root`,
      ]),
      measured(held) {
        const sentence = fullSentence(held);
        // Who is over and deletes is let be; who goes on is ended again.
        const ends = sentence !== undefined && (fullness(before) !== fullness(held) || grew(before, held));
        for (const each of all()) {
          each.fill(fullness(held), sentence);
          if (ends) each.stop();
        }
        if (sentence !== undefined && fullness(held) !== fullness(before)) tell(sentence);
        before = held;
      },
      look() {
        for (const sentence of cgroups.reached()) tell(sentence);
      },
    });
    const machine: Machine = {
      shell: base.shell,
      script: base.script,
      async close() {
        closed = true;
        machines.delete(machine);
        watched.delete(base);
        for (const each of await Promise.allSettled(others.values())) {
          if (each.status === 'fulfilled') await each.value.close();
        }
        await base.close();
        cgroups.remove();
        rmSync(folder, { recursive: true, force: true });
      },
    };
    machines.add(machine);
    return machine;
  };

  const trial = async (host: HostLayout): Promise<string | undefined> => {
    const home = join(runDir, 'trial-home');
    try {
      const machine = await openWith(host, { id: 'trial', home, hostname: 'trial' });
      const { ended, stderr } = machine.script('exit 42');
      let said = '';
      stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const exitCode = await ended;
      await machine.close();
      return exitCode === 42 ? undefined : said.trim() || `a trial script ended with ${exitCode}, not 42`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      for (const folder of [home, `${home}.root`]) rmSync(folder, { recursive: true, force: true });
    }
  };

  let host: HostLayout | undefined;
  const failures: { tier: Tier; why: string }[] = [];
  for (const tier of options.tiers ?? tiersToTry(isRoot)) {
    const why = await trial({ ...layout, tier });
    if (why === undefined) {
      host = { ...layout, tier };
      break;
    }
    failures.push({ tier, why });
  }
  if (host === undefined) {
    rmSync(runDir, { recursive: true, force: true });
    throw unavailable(failures, isRoot);
  }
  const proved = host;
  for (const { tier, why } of failures) log(`sandbox ${tier} is not possible here: ${why}`);
  const description = `bubblewrap, ${proved.tier}, ${groups.description}`;
  log(`sandbox ${proved.tier}, ${groups.description}`);

  const disk = watchDisk(runDir, () => [...watched.values()]);
  const counters = setInterval(() => {
    for (const each of watched.values()) each.look();
  }, LOOK_EVERY_MS);
  counters.unref();

  return {
    description,
    tier: proved.tier,
    cgroups: groups.version,
    hosts: 'keys' in ssh ? { possible: true } : { possible: false, why: ssh.why },
    open: (options) => openWith(proved, options),
    async close() {
      disk.stop();
      clearInterval(counters);
      await Promise.all([...machines].map((machine) => machine.close()));
      rmSync(runDir, { recursive: true, force: true });
      groups.removeParent();
    },
  };
}

/** The SSH server for hosts, with keys made at the first start and kept: a learner's machines know each other by them. */
function sshServer(dir: string | undefined, keysDir: string): { dir: string; keys: SshKeys } | { why: string } {
  if (dir === undefined || !existsSync(join(dir, 'sshd')))
    return { why: 'there is no SSH server for hosts: the set-up fetches it with apt (npm start does it)' };
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  const key = (name: string): [string, string] => {
    const file = join(keysDir, name);
    if (!existsSync(`${file}.pub`)) {
      rmSync(file, { force: true });
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file], { stdio: 'ignore' });
    }
    return [readFileSync(file, 'utf8'), readFileSync(`${file}.pub`, 'utf8')];
  };
  try {
    const [hostKey, hostPublic] = key('host');
    const [userKey, userPublic] = key('candidate');
    return { dir: resolve(dir), keys: { hostKey, hostPublic, userKey, userPublic } };
  } catch (error) {
    return { why: `ssh-keygen is needed for hosts (apt-get install openssh-client): ${String(error)}` };
  }
}

/**
 * Removes what servers left that are no longer there. Their processes need no killing: bwrap ends with the server that started it, and
 * mounts end with their namespace.
 */
function scrub(serversDir: string, groups: CgroupHost): string[] {
  const cleaned: string[] = [];
  for (const name of readdirSync(serversDir)) {
    const [, pid, started] = /^(\d+)-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || started === undefined || isRunning({ pid: Number(pid), started })) continue;
    for (const entry of readdirSync(join(serversDir, name))) groups.remove(`${name}-${entry}`);
    rmSync(join(serversDir, name), { recursive: true, force: true });
    cleaned.push(name);
  }
  return cleaned;
}

/** The uid a home was given before; undefined for a new one, or one made by the server. */
function ownerOf(home: string): number | undefined {
  const uid = lstatSync(home, { throwIfNoEntry: false })?.uid;
  return uid !== undefined && uid >= FIRST_UID && uid <= LAST_UID ? uid : undefined;
}

/** Numbers never given twice, also after a restart: a home keeps its number for good. */
function uidCounter(file: string): () => number {
  return () => {
    const next = existsSync(file) ? Number(readFileSync(file, 'utf8')) : FIRST_UID;
    if (!(next >= FIRST_UID && next < LAST_UID))
      throw new Error(`${file} holds no uid between ${FIRST_UID} and ${LAST_UID}`);
    writeFileSync(`${file}.new`, String(next + 1));
    renameSync(`${file}.new`, file);
    return next;
  };
}
