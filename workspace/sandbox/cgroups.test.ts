/** Control groups on trees that are no kernel's: what it would do with their files is done by `fakeV2`. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cgroupHost, type CgroupTree } from './cgroups.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drydock-cgroups-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const text = (...parts: string[]): string => readFileSync(join(root, ...parts), 'utf8');
const plain = (own = '0::/\n'): CgroupTree => ({
  root,
  own,
  isFamily: (pid) => pid < 100,
  mkdir: (folder) => void mkdirSync(folder, { recursive: true }),
  write: (file, value) => writeFileSync(file, value),
});

interface Fake {
  controllers: string[];
  /** Processes by group, as a path below the root. */
  processes: Record<string, number[]>;
  /** The host's own root may have processes and hand controllers on. */
  isHost: boolean;
  readOnly?: string[];
  own?: string;
}

/** A tree in which groups get their files when they are made, and the rules of cgroup v2 hold. */
function fakeV2({ controllers, processes, isHost, readOnly = [], own = '0::/\n' }: Fake): CgroupTree {
  const make = (folder: string): void => {
    if (existsSync(join(folder, 'cgroup.procs'))) return;
    if (folder !== root) make(dirname(folder));
    mkdirSync(folder, { recursive: true });
    const has =
      folder === root ? controllers.join(' ') : readFileSync(join(dirname(folder), 'cgroup.subtree_control'), 'utf8');
    writeFileSync(join(folder, 'cgroup.controllers'), has);
    writeFileSync(join(folder, 'cgroup.subtree_control'), '');
    writeFileSync(join(folder, 'cgroup.procs'), '');
  };
  make(root);
  for (const [group, pids] of Object.entries(processes)) {
    make(join(root, group));
    writeFileSync(join(root, group, 'cgroup.procs'), pids.join('\n'));
  }
  const refused = (path: string): boolean => readOnly.some((group) => dirname(path) === join(root, group));
  return {
    ...plain(own),
    mkdir(folder) {
      if (refused(folder)) throw new Error('EROFS');
      make(folder);
    },
    write(file, value) {
      const group = dirname(file);
      if (refused(file)) throw new Error('EROFS');
      if (basename(file) === 'cgroup.subtree_control') {
        const name = value.slice(1);
        if (!readFileSync(join(group, 'cgroup.controllers'), 'utf8').split(' ').includes(name))
          throw new Error('ENOENT');
        const free = isHost && group === root;
        if (!free && readFileSync(join(group, 'cgroup.procs'), 'utf8').trim() !== '') throw new Error('EBUSY');
        const before = readFileSync(file, 'utf8');
        writeFileSync(file, before === '' ? name : `${before} ${name}`);
        // Groups below see it.
        const child = join(group, 'drydock', 'cgroup.controllers');
        if (existsSync(child)) writeFileSync(child, readFileSync(file, 'utf8'));
      } else if (basename(file) === 'cgroup.procs') {
        for (const each of Object.keys(processes)) {
          const procs = join(root, each, 'cgroup.procs');
          const rest = readFileSync(procs, 'utf8')
            .split('\n')
            .filter((pid) => pid !== value);
          writeFileSync(procs, rest.join('\n'));
        }
        appendFileSync(file, `${value}\n`);
      } else writeFileSync(file, value);
    },
  };
}

test('v2 on a plain host: groups below the root, with every limit', () => {
  const host = cgroupHost(
    fakeV2({ controllers: ['cpu', 'io', 'memory', 'pids'], processes: { '': [1, 500] }, isHost: true }),
  );
  expect(host).toMatchObject({ version: 'v2', description: 'cgroups v2' });
  const groups = host.create('one');
  expect(groups.procs).toEqual([join(root, 'drydock/one/cgroup.procs')]);
  expect(text('drydock/one/memory.max')).toBe('805306368');
  expect(text('drydock/one/memory.swap.max')).toBe('0');
  expect(text('drydock/one/pids.max')).toBe('512');
  expect(text('drydock/one/cpu.weight')).toBe('25');
});

test('v2 in a container: this process and those around it move aside first', () => {
  const host = cgroupHost(fakeV2({ controllers: ['cpu', 'memory', 'pids'], processes: { '': [1, 7] }, isHost: false }));
  expect(host.description).toBe('cgroups v2');
  expect(text('drydock-server/cgroup.procs')).toBe('1\n7\n');
  expect(host.create('one').procs).toHaveLength(1);
});

test('v2 below a service manager that handed us no controllers', () => {
  const host = cgroupHost(
    fakeV2({
      controllers: ['cpu', 'memory', 'pids'],
      processes: { '': [500], 'system.slice/drydock.service': [42] },
      isHost: true,
      readOnly: ['', 'drydock'],
      own: '0::/system.slice/drydock.service\n',
    }),
  );
  // What the service manager did not hand to our group can't be handed on.
  expect(host).toMatchObject({ version: 'none' });
  expect(host.description).toBe(
    'cgroups v2 that we may not write; no cgroups: memory is bounded by file systems and process counts only, CPU not at all',
  );
});

test('v2 among processes that are not ours: they are left alone', () => {
  const host = cgroupHost(fakeV2({ controllers: ['memory', 'pids'], processes: { '': [7, 500] }, isHost: false }));
  expect(host.version).toBe('none');
  expect(text('cgroup.procs')).toBe('7\n500');
  expect(host.create('one').procs).toEqual([]);
});

test('v2 without the CPU controller says so', () => {
  const host = cgroupHost(fakeV2({ controllers: ['memory', 'pids'], processes: { '': [1] }, isHost: true }));
  expect(host.description).toBe('cgroups v2 without cpu');
  host.create('one');
  expect(existsSync(join(root, 'drydock/one/cpu.weight'))).toBe(false);
});

test('a limit that was met is told once', () => {
  const host = cgroupHost(fakeV2({ controllers: ['cpu', 'memory', 'pids'], processes: { '': [1] }, isHost: true }));
  const groups = host.create('one');
  expect(groups.reached()).toEqual([]);
  writeFileSync(join(root, 'drydock/one/memory.events'), 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\n');
  writeFileSync(join(root, 'drydock/one/pids.events'), 'max 3\n');
  expect(groups.reached()).toEqual([
    'A program was killed: this machine has 768 MiB of memory for all programs together.',
    'A program could not be started: this machine has room for 512 processes and threads at once.',
  ]);
  expect(groups.reached()).toEqual([]);
  writeFileSync(join(root, 'drydock/one/pids.events'), 'max 4\n');
  expect(groups.reached()).toHaveLength(1);
});

test('v1: a folder for each controller that there is', () => {
  for (const controller of ['memory', 'pids']) {
    mkdirSync(join(root, controller), { recursive: true });
    writeFileSync(join(root, controller, 'cgroup.procs'), '');
  }
  const host = cgroupHost(plain());
  expect(host).toMatchObject({ version: 'v1', description: 'cgroups v1 without cpu' });
  expect(host.create('one').procs).toEqual(
    ['memory', 'pids'].map((name) => join(root, name, 'drydock/one/cgroup.procs')),
  );
  expect(text('memory/drydock/one/memory.limit_in_bytes')).toBe('805306368');
});

test('none: nothing is held, and that is said', () => {
  const host = cgroupHost(plain());
  expect(host.version).toBe('none');
  expect(host.create('one').reached()).toEqual([]);
});
