import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PassThrough, type Duplex } from 'node:stream';
import type { HostLayout, Tier } from './sandbox/arguments.ts';
import { cgroupVersion, removeCgroupParent, removeCgroups, type CgroupVersion } from './sandbox/cgroups.ts';
import { ETC_FILES } from './sandbox/files.ts';
import { readHost, tiersToTry, unavailable } from './sandbox/host.ts';
import { isRunning, NO_ENVIRONMENT, processIdentity } from './sandbox/processes.ts';
import { seccompArchitecture, seccompProgram } from './sandbox/seccomp.ts';
import { openWorkspace, type Surroundings, type Workspace } from './workspace.ts';

export interface WorkspacesOptions {
  /** Folder with kubectl and helm; every executable in it becomes a command of the learner's. */
  toolsDir: string;
  /** Folder for what must outlive the server (numbers given out) and for what runs; made when missing. */
  dataDir: string;
  log: (message: string) => void;
  /** Ways of keeping learners apart to try, best first; left out, those that suit the server's own user. */
  tiers?: readonly Tier[];
}

export interface OpenOptions {
  /** 1-64 letters, digits, `-` or `_`; one workspace of an id at a time. */
  id: string;
  /** The learner's home on the host, kept. Made when missing; must be of this workspace alone. */
  home: string;
  /** Text of ~/.kube/config, with the server at https://127.0.0.1:6443. A learner's changed one is kept until this text changes. */
  kubeconfig: string;
  /** The workspace's API server, reached once for each connection to 127.0.0.1:6443 inside. */
  connect: () => Duplex;
}

export interface Workspaces {
  /** How learners are kept apart here, proved by a trial at the start. */
  readonly tier: Tier;
  readonly cgroups: CgroupVersion;
  open(options: OpenOptions): Promise<Workspace>;
  get(id: string): Workspace | undefined;
  /** Closes all workspaces and removes what ran. */
  close(): Promise<void>;
}

/** First uid given to a learner: above those of people, containers (subuid) and systemd, below 2^31. */
const FIRST_UID = 1_900_000_000;
const LAST_UID = 2_100_000_000;

/**
 * Proves that sandboxes can be built here, cleans up after a server that was killed, and opens workspaces.
 * Throws SandboxUnavailableError, with why and what to install, where none can be built.
 */
export async function createWorkspaces({ toolsDir, dataDir, log, tiers }: WorkspacesOptions): Promise<Workspaces> {
  const layout = readHost();
  const tools = executables(toolsDir);
  const me = processIdentity(process.pid);
  if (me === undefined) throw new Error('/proc/self/stat says nothing of this process');
  const serversDir = join(resolve(dataDir), 'workspaces');
  mkdirSync(serversDir, { recursive: true, mode: 0o700 });
  for (const cleaned of scrub(serversDir)) log(`cleaned up after a server that was killed: ${cleaned}`);

  const serverName = mkdtempSync(join(serversDir, `${me.pid}-${me.started}-`)).slice(serversDir.length + 1);
  const runDir = join(serversDir, serverName);
  const architecture = seccompArchitecture(process.arch);
  if (architecture === undefined) throw new Error(`no system-call filter for ${process.arch}`);
  const seccompFile = join(runDir, 'seccomp.bpf');
  writeFileSync(seccompFile, seccompProgram(architecture));
  const etc = join(runDir, 'etc');
  const etcFiles = writeEtc(etc, { ...ETC_FILES, ...completions(toolsDir, tools, dataDir) });

  const open = new Map<string, Workspace | Promise<Workspace>>();
  const nextUid = uidCounter(join(serversDir, 'next-uid'));
  const isRoot = process.getuid?.() === 0;

  const openWith = async (host: HostLayout, options: OpenOptions): Promise<Workspace> => {
    const shared: Surroundings = { host, toolsDir: resolve(toolsDir), tools, etc, etcFiles, seccompFile };
    return openWorkspace(shared, {
      id: options.id,
      runDir: join(runDir, options.id),
      home: resolve(options.home),
      uid: isRoot ? (ownerOf(options.home) ?? nextUid()) : (process.getuid?.() ?? 0),
      kubeconfig: options.kubeconfig,
      connect: options.connect,
      cgroupName: `${serverName}-${options.id}`,
      onClosed: () => open.delete(options.id),
    });
  };

  const trial = async (host: HostLayout): Promise<string | undefined> => {
    const home = join(runDir, 'trial-home');
    try {
      const workspace = await openWith(host, { id: 'trial', home, kubeconfig: '', connect: () => new PassThrough() });
      const result = await workspace.run('exit 42', { timeoutMs: 10_000 });
      await workspace.close();
      return result.exitCode === 42
        ? undefined
        : result.stderr.trim() || `a trial script ended with ${result.exitCode}, not 42`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  };

  let host: HostLayout | undefined;
  const failures: { tier: Tier; why: string }[] = [];
  for (const tier of tiers ?? tiersToTry(isRoot)) {
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
  log(`sandbox ${proved.tier}, cgroups ${cgroupVersion()}`);

  return {
    tier: proved.tier,
    cgroups: cgroupVersion(),
    async open(options) {
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(options.id))
        throw new RangeError(`not an id for a workspace: ${JSON.stringify(options.id)}`);
      if (open.has(options.id)) throw new Error(`workspace ${options.id} is open already`);
      const opening = openWith(proved, options);
      open.set(options.id, opening);
      try {
        const workspace = await opening;
        open.set(options.id, workspace);
        return workspace;
      } catch (error) {
        open.delete(options.id);
        throw error;
      }
    },
    get(id) {
      const workspace = open.get(id);
      return workspace instanceof Promise ? undefined : workspace;
    },
    async close() {
      // Those still opening are waited for; one that fails to open has cleaned up after itself.
      for (const each of await Promise.allSettled([...open.values()].map(async (workspace) => workspace))) {
        if (each.status === 'fulfilled') await each.value.close();
      }
      rmSync(runDir, { recursive: true, force: true });
      removeCgroupParent();
    },
  };
}

/**
 * Removes what servers left that are no longer there. Their processes need no killing: bwrap ends with the server that started it, and
 * mounts end with their namespace.
 */
function scrub(serversDir: string): string[] {
  const cleaned: string[] = [];
  for (const name of readdirSync(serversDir)) {
    const [, pid, started] = /^(\d+)-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || started === undefined || isRunning({ pid: Number(pid), started })) continue;
    for (const entry of readdirSync(join(serversDir, name))) removeCgroups(`${name}-${entry}`);
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

function executables(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`no folder of tools at ${folder}: run the set-up first (npm start does it)`);
  return readdirSync(folder).filter((name) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return statSync(join(folder, name)).isFile();
    } catch {
      return false;
    }
  });
}

/** Completion scripts as the tools print them, kept in the data folder until a tool changes. */
function completions(toolsDir: string, tools: readonly string[], dataDir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const tool of ['kubectl', 'helm']) {
    if (!tools.includes(tool)) continue;
    const { size, mtimeMs } = statSync(join(toolsDir, tool));
    const kept = join(resolve(dataDir), 'completions', `${tool}-${size}-${Math.trunc(mtimeMs)}.bash`);
    if (!existsSync(kept)) {
      mkdirSync(dirname(kept), { recursive: true });
      const text = execFileSync(join(toolsDir, tool), ['completion', 'bash'], {
        encoding: 'utf8',
        env: { ...NO_ENVIRONMENT, HOME: '/nonexistent' },
      });
      writeFileSync(`${kept}.new`, text);
      renameSync(`${kept}.new`, kept);
    }
    found[`drydock/${tool}-completion.bash`] = readFileSync(kept, 'utf8');
  }
  return found;
}

/** Writes the files readable for all, whatever the umask; returns their names. */
function writeEtc(folder: string, files: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    chmodSync(dirname(path), 0o755);
    writeFileSync(path, text);
    chmodSync(path, 0o644);
  }
  chmodSync(folder, 0o755);
  return Object.keys(files);
}
