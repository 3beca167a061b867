import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { WorkspaceRequest } from '../ports.ts';
import { type FakeParts, fakeParts, fakeScenario } from '../testing/fake-parts.ts';
import { LiveSessions } from './sessions.ts';

const MINUTE = 60_000;

let dataDir: string;
let parts: FakeParts;
let asked: WorkspaceRequest[];
let live: LiveSessions;
let now: number;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'drydock-live-'));
  now = Date.parse('2026-03-01T09:00:00Z');
  asked = [];
  parts = fakeParts();
  const { open } = parts.workspaces;
  const workspaces = {
    ...parts.workspaces,
    hosts: { possible: true } as const,
    open(request: WorkspaceRequest) {
      asked.push(request);
      return open(request);
    },
  };
  live = new LiveSessions({
    clusters: parts.clusters,
    workspaces,
    dataDir,
    now: () => now,
    log: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await live.closeAll();
  rmSync(dataDir, { recursive: true, force: true });
});

const plan = (id: string) => ({ id, scenario: fakeScenario('core/one'), seed: 1 });
const base = (id: string) => ({
  id,
  hosts: ['q1', 'q2'].map((question) => ({ hostname: `host-${question}`, session: plan(question) })),
});

test('base: one machine for all hosts, their clusters made at the first login', async () => {
  const machine = await live.base(base('attempt'));
  await expect(live.base(base('attempt'))).resolves.toBe(machine);
  expect(asked.map(({ id, home }) => ({ id, home }))).toEqual([
    { id: 'attempt', home: path.join(dataDir, 'sessions/attempt/home') },
  ]);
  const hosts = asked[0]?.hosts ?? [];
  expect(hosts.map(({ hostname, home }) => ({ hostname, home }))).toEqual([
    { hostname: 'host-q1', home: path.join(dataDir, 'sessions/q1/home') },
    { hostname: 'host-q2', home: path.join(dataDir, 'sessions/q2/home') },
  ]);
  expect(parts.made).toHaveLength(0);
  await expect(hosts[1]?.cluster()).resolves.toMatchObject({ kubeconfig: 'apiVersion: v1' });
  expect(parts.made).toHaveLength(1);
  await live.closeWorkspace('attempt');
  expect(machine.closed).toBe(true);
  await expect(live.base(base('attempt'))).resolves.not.toBe(machine);
});

test('a terminal on base keeps the clusters behind it up; without one they are put away', async () => {
  await live.base(base('attempt'));
  const detach = await live.attached(base('attempt'));
  await asked[0]?.hosts?.[0]?.cluster();
  now += 59 * MINUTE;
  await live.tick();
  expect(parts.made[0]?.closed).toBe(false);
  detach();
  now += 21 * MINUTE;
  await live.tick();
  expect(parts.made[0]?.closed).toBe(true);
});

test('base that cannot be opened says why, and is tried again', async () => {
  parts.sandboxProblem = 'no bwrap';
  await expect(live.base(base('attempt'))).rejects.toMatchObject({ code: 'no-sandbox', detail: 'no bwrap' });
  parts.sandboxProblem = undefined;
  await expect(live.base(base('attempt'))).resolves.toMatchObject({ closed: false });
});

test('a machine that nobody uses is warned of, put to sleep, and its cluster put away; the page stays', async () => {
  const machine = await live.workspace(plan('a1'));
  const detach = await live.attached(plan('a1'));
  const { said } = machine as unknown as { said: string[] };
  for (let minute = 0; minute < 56; minute += 1) {
    now += MINUTE;
    await live.tick();
  }
  expect(said).toEqual([expect.stringContaining('in 5 minutes it is put to sleep')]);
  Object.assign(machine, { inputs: 1 });
  now += 10 * MINUTE;
  await live.tick();
  expect(machine.asleep).toBe(false);
  for (let minute = 0; minute < 81; minute += 1) {
    now += MINUTE;
    await live.tick();
  }
  expect(machine).toMatchObject({ asleep: true, closed: false });
  expect(said).toHaveLength(3);
  expect(parts.made[0]?.closed).toBe(true);
  await expect(live.workspace(plan('a1'))).resolves.toBe(machine);
  expect(parts.made).toHaveLength(1);
  await asked[0]?.beforeWake?.();
  expect(parts.made).toHaveLength(2);
  detach();
  now += 21 * MINUTE;
  await live.tick();
  expect(machine.closed).toBe(true);
});

test('what terminals showed is given to the next machine, once', async () => {
  const machine = await live.workspace(plan('a1'));
  const screens = { '1': { cols: 80, rows: 24, data: 'seen' } };
  Object.assign(machine, { screens: () => Promise.resolve(screens) });
  await live.close('a1');
  await live.workspace(plan('a1'));
  expect(asked[1]?.screens).toEqual({
    sentence: 'This is what was here before. What ran was ended; files, history and cluster were kept.',
    of: screens,
  });
  await live.close('a1');
  await live.workspace(plan('a1'));
  expect(asked[2]?.screens).toBeUndefined();
});
