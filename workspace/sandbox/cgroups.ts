import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CPU_SHARES_V1, CPU_WEIGHT_V2, MEMORY_BYTES, PROCESSES } from '../limits.ts';
import { processIdentity } from './processes.ts';

export type CgroupVersion = 'v1' | 'v2' | 'none';

export interface Cgroups {
  /** Files into which a process writes its id to be held by the limits. */
  readonly procs: readonly string[];
  /** The limits that were run into since the last call, as sentences for the learner. */
  reached(): string[];
  /** Removes the groups; to be called when their processes are gone. */
  remove(): void;
}

/** The control groups of this host, as far as it lets us have them. */
export interface CgroupHost {
  readonly version: CgroupVersion;
  /** What is held by control groups here and what is not, for the administrator. */
  readonly description: string;
  /** Makes groups for one workspace: a controller that can't be had is left out, and the process limits (prlimit) still hold. */
  create(name: string): Cgroups;
  /** Of a server that was killed. */
  remove(name: string): void;
  /** Removes the folder above all workspaces' groups, unless another server still has some in it. */
  removeParent(): void;
}

const CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
type Controller = (typeof CONTROLLERS)[number];

const V1_SETTINGS: Record<Controller, Record<string, string>> = {
  memory: { 'memory.limit_in_bytes': String(MEMORY_BYTES) },
  pids: { 'pids.max': String(PROCESSES) },
  cpu: { 'cpu.shares': String(CPU_SHARES_V1) },
};
const V2_SETTINGS: Record<Controller, Record<string, string>> = {
  memory: { 'memory.max': String(MEMORY_BYTES), 'memory.swap.max': '0' },
  pids: { 'pids.max': String(PROCESSES) },
  cpu: { 'cpu.weight': String(CPU_WEIGHT_V2) },
};

/** Where the kernel counts how often a limit was met: a file of `name number` lines. */
const COUNTERS = [
  {
    controller: 'memory',
    file: { v1: 'memory.oom_control', v2: 'memory.events' },
    field: 'oom_kill',
    sentence: `A program was killed: this machine has ${MEMORY_BYTES / 1024 / 1024} MiB of memory for all programs together.`,
  },
  {
    controller: 'pids',
    file: { v1: 'pids.events', v2: 'pids.events' },
    field: 'max',
    sentence: `A program could not be started: this machine has room for ${PROCESSES} processes and threads at once.`,
  },
] as const;

/** What a tree of control groups answers to; handed in, as a test has no kernel that makes their files. */
export interface CgroupTree {
  /** Where it is mounted. */
  root: string;
  /** /proc/self/cgroup */
  own: string;
  /** Whether a process is this one, one that started it, or one that it started. */
  isFamily: (pid: number) => boolean;
  mkdir: (folder: string) => void;
  write: (file: string, text: string) => void;
}

const hostTree = (): CgroupTree => ({
  root: '/sys/fs/cgroup',
  own: read('/proc/self/cgroup'),
  isFamily: (pid) => descends(pid, process.pid) || descends(process.pid, pid),
  mkdir: (folder) => void mkdirSync(folder, { recursive: true }),
  write: (file, text) => writeFileSync(file, text),
});

function descends(pid: number, from: number): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = processIdentity(at)?.parent) {
    if (at === from) return true;
  }
  return false;
}

export function cgroupHost(tree: CgroupTree = hostTree()): CgroupHost {
  const { root } = tree;
  if (existsSync(join(root, 'cgroup.controllers'))) return unified(tree);
  const there = CONTROLLERS.filter((controller) => existsSync(join(root, controller, 'cgroup.procs')));
  return there.length > 0 ? perController(root, there) : nothing;
}

const nothing: CgroupHost = {
  version: 'none',
  description: 'no cgroups: memory is bounded by file systems and process counts only, CPU not at all',
  create: () => ({ procs: [], reached: () => [], remove: () => undefined }),
  remove: () => undefined,
  removeParent: () => undefined,
};

function perController(root: string, there: readonly Controller[]): CgroupHost {
  const folderOf = (controller: Controller, name: string): string => join(root, controller, 'drydock', name);
  const remove = (name: string): void => {
    for (const controller of there) tryTo(() => rmdirSync(folderOf(controller, name)));
  };
  return {
    version: 'v1',
    description: describe('v1', there),
    create(name) {
      const procs: string[] = [];
      for (const controller of there) {
        tryTo(() => {
          const folder = folderOf(controller, name);
          mkdirSync(folder, { recursive: true });
          for (const [file, value] of Object.entries(V1_SETTINGS[controller])) writeFileSync(join(folder, file), value);
          procs.push(join(folder, 'cgroup.procs'));
        });
      }
      const reached = counters((controller, file) => join(folderOf(controller, name), file.v1));
      return { procs, reached, remove: () => remove(name) };
    },
    remove,
    removeParent() {
      for (const controller of there) tryTo(() => rmdirSync(dirname(folderOf(controller, 'any'))));
    },
  };
}

/**
 * One tree for all controllers. A group that hands controllers on may not have processes of its own ("no internal processes"; the host's root
 * alone is free of that rule). So groups are made below the root, or, where we may not or a service manager gave us a group, below our own.
 */
function unified(tree: CgroupTree): CgroupHost {
  const { root, mkdir, write } = tree;
  const own = join(root, /^0::\/?(.*)$/m.exec(tree.own)?.[1] ?? '');
  let base: { folder: string; controllers: Controller[] } | undefined;
  for (const parent of new Set([root, own.replace(/\/$/, '')])) {
    const controllers = handOn(tree, parent);
    if (base === undefined || controllers.length > base.controllers.length)
      base = { folder: join(parent, 'drydock'), controllers };
    if (controllers.length === CONTROLLERS.length) break;
  }
  const { folder: above, controllers } = base ?? { folder: join(root, 'drydock'), controllers: [] };
  if (controllers.length === 0)
    return { ...nothing, description: `cgroups v2 that we may not write; ${nothing.description}` };
  const remove = (name: string): void => void tryTo(() => rmdirSync(join(above, name)));
  return {
    version: 'v2',
    description: describe('v2', controllers),
    create(name) {
      const folder = join(above, name);
      const procs: string[] = [];
      tryTo(() => {
        mkdir(folder);
        for (const controller of controllers) {
          for (const [file, value] of Object.entries(V2_SETTINGS[controller]))
            tryTo(() => write(join(folder, file), value));
        }
        procs.push(join(folder, 'cgroup.procs'));
      });
      return { procs, reached: counters((_, file) => join(folder, file.v2)), remove: () => remove(name) };
    },
    remove,
    removeParent: () => void tryTo(() => rmdirSync(above)),
  };
}

/** Lets groups below `parent`/drydock have controllers. Returns those that they then have. */
function handOn({ isFamily, mkdir, write }: CgroupTree, parent: string): Controller[] {
  const above = join(parent, 'drydock');
  if (!tryTo(() => mkdir(above))) return [];
  const wanted = CONTROLLERS.filter((controller) => words(join(parent, 'cgroup.controllers')).includes(controller));
  const switchOn = (group: string): boolean => {
    const control = join(group, 'cgroup.subtree_control');
    for (const controller of wanted) {
      if (!words(control).includes(controller)) tryTo(() => write(control, `+${controller}`));
    }
    return wanted.every((controller) => words(control).includes(controller));
  };
  if (!switchOn(parent)) {
    // Its own processes are in the way. Ours may be moved aside; somebody else's are left alone.
    const pids = words(join(parent, 'cgroup.procs'));
    const leaf = join(parent, 'drydock-server');
    const moved =
      pids.every((pid) => isFamily(Number(pid))) &&
      tryTo(() => {
        mkdir(leaf);
        for (const pid of pids) write(join(leaf, 'cgroup.procs'), pid);
      });
    if (moved) switchOn(parent);
  }
  switchOn(above);
  const handed = words(join(above, 'cgroup.subtree_control'));
  return wanted.filter((controller) => handed.includes(controller));
}

function describe(version: CgroupVersion, there: readonly Controller[]): string {
  const missing = CONTROLLERS.filter((controller) => !there.includes(controller));
  return `cgroups ${version}${missing.length === 0 ? '' : ` without ${missing.join(', ')}`}`;
}

function counters(fileOf: (controller: Controller, file: { v1: string; v2: string }) => string): () => string[] {
  const watched = COUNTERS.map((counter) => ({ ...counter, path: fileOf(counter.controller, counter.file), seen: 0 }));
  return () =>
    watched.flatMap((counter) => {
      // Without such a controller the limit is held by rlimits, whose errors say which it was.
      const count = Number(new RegExp(`^${counter.field} (\\d+)$`, 'm').exec(read(counter.path))?.[1] ?? 0);
      if (count <= counter.seen) return [];
      counter.seen = count;
      return [counter.sentence];
    });
}

/** Empty where it can't be read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const words = (file: string): string[] => read(file).split(/\s+/).filter(Boolean);

/** Control groups are wanted, not needed: what a host refuses (no rights, read-only, another layout) is done without. */
function tryTo(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
