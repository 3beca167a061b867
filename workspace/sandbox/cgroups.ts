import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CPU_SHARES_V1, CPU_WEIGHT_V2, MEMORY_BYTES, PROCESSES } from '../limits.ts';

export type CgroupVersion = 'v1' | 'v2' | 'none';

const ROOT = '/sys/fs/cgroup';
const V1_SETTINGS: Record<string, Record<string, string>> = {
  memory: { 'memory.limit_in_bytes': String(MEMORY_BYTES) },
  pids: { 'pids.max': String(PROCESSES) },
  cpu: { 'cpu.shares': String(CPU_SHARES_V1) },
};
const V2_SETTINGS: Record<string, string> = {
  'memory.max': String(MEMORY_BYTES),
  'memory.swap.max': '0',
  'pids.max': String(PROCESSES),
  'cpu.weight': String(CPU_WEIGHT_V2),
};

export function cgroupVersion(): CgroupVersion {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return 'v2';
  return Object.keys(V1_SETTINGS).some((controller) => existsSync(join(ROOT, controller, 'cgroup.procs')))
    ? 'v1'
    : 'none';
}

export interface Cgroups {
  /** Files into which a process writes its id to be held by the limits. */
  readonly procs: readonly string[];
  /** The limits that were run into since the last call, as sentences for the learner. */
  reached(): string[];
  /** Removes the groups; to be called when their processes are gone. */
  remove(): void;
}

/** The folders of one workspace, by version; also where a killed server's are found. */
function folders(name: string): string[] {
  return cgroupVersion() === 'v2'
    ? [join(ROOT, 'drydock', name)]
    : Object.keys(V1_SETTINGS).map((controller) => join(ROOT, controller, 'drydock', name));
}

/**
 * Makes control groups for one workspace, as far as the host lets us: a controller that can't be had is left out, and the process limits
 * (prlimit) still hold.
 */
export function createCgroups(name: string): Cgroups {
  const procs: string[] = [];
  if (cgroupVersion() === 'v2') {
    const [folder] = folders(name);
    if (folder !== undefined && tryTo(() => enableV2())) {
      tryTo(() => {
        mkdirSync(folder, { recursive: true });
        for (const [file, value] of Object.entries(V2_SETTINGS)) tryTo(() => writeFileSync(join(folder, file), value));
        procs.push(join(folder, 'cgroup.procs'));
      });
    }
  } else {
    for (const [controller, settings] of Object.entries(V1_SETTINGS)) {
      const folder = join(ROOT, controller, 'drydock', name);
      tryTo(() => {
        // Without the controller this would be a plain folder on some other file system.
        if (!existsSync(join(ROOT, controller, 'cgroup.procs'))) return;
        mkdirSync(folder, { recursive: true });
        for (const [file, value] of Object.entries(settings)) writeFileSync(join(folder, file), value);
        procs.push(join(folder, 'cgroup.procs'));
      });
    }
  }
  const counters = COUNTERS.map((counter) => ({ ...counter, file: join(...counter.path(name)), seen: 0 }));
  return {
    procs,
    reached() {
      return counters.flatMap((counter) => {
        const count = read(counter.file, counter.field);
        if (count <= counter.seen) return [];
        counter.seen = count;
        return [counter.sentence];
      });
    },
    remove: () => removeCgroups(name),
  };
}

/** Where the kernel counts how often a limit was met: a file of `name number` lines. */
const COUNTERS = [
  {
    path: (name: string) =>
      cgroupVersion() === 'v2'
        ? [ROOT, 'drydock', name, 'memory.events']
        : [ROOT, 'memory/drydock', name, 'memory.oom_control'],
    field: 'oom_kill',
    sentence: `A program was killed: this machine has ${MEMORY_BYTES / 1024 / 1024} MiB of memory for all programs together.`,
  },
  {
    path: (name: string) =>
      cgroupVersion() === 'v2' ? [ROOT, 'drydock', name, 'pids.events'] : [ROOT, 'pids/drydock', name, 'pids.events'],
    field: 'max',
    sentence: `A program could not be started: this machine has room for ${PROCESSES} processes and threads at once.`,
  },
] as const;

function read(file: string, field: string): number {
  try {
    return Number(new RegExp(`^${field} (\\d+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    // No such controller here: that limit is held by rlimits, whose errors say which it was.
    return 0;
  }
}

export function removeCgroups(name: string): void {
  for (const folder of folders(name)) tryTo(() => rmdirSync(folder));
}

/** Removes the folder above all workspaces' groups, unless another server still has some in it. */
export function removeCgroupParent(): void {
  for (const folder of new Set(folders('any').map(dirname))) tryTo(() => rmdirSync(folder));
}

function enableV2(): void {
  const parent = join(ROOT, 'drydock');
  mkdirSync(parent, { recursive: true });
  for (const group of [ROOT, parent]) {
    const file = join(group, 'cgroup.subtree_control');
    const on = new Set(readFileSync(file, 'utf8').trim().split(' '));
    const missing = ['memory', 'pids', 'cpu'].filter((controller) => !on.has(controller));
    if (missing.length > 0) writeFileSync(file, missing.map((controller) => `+${controller}`).join(' '));
  }
}

/** Control groups are wanted, not needed: what a host refuses (no rights, read-only, another layout) is done without. */
function tryTo(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
