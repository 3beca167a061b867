/** A server that is killed has lost no write that a cluster confirmed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { ClusterHost } from '#cluster/serve/host.ts';
import { fakeParts } from '../testing/fake-parts.ts';
import { writtenPlan } from '../testing/written-plan.ts';
import { LiveSessions } from './sessions.ts';

jest.setTimeout(60_000);

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'drydock-killed-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs a writing server until it has said `count` names, then kills it. Returns all it said. */
async function writeAndKill(count: number): Promise<string[]> {
  const program = path.join(import.meta.dirname, '../testing/writing-server.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === count) child.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [unknown, string];
  expect(signal).toBe('SIGKILL');
  return said;
}

test('kill -9 in the middle of writing: all that was confirmed is there, and the next server goes on from it', async () => {
  const said = await writeAndKill(150);
  const clusters = await ClusterHost.start();
  const { workspaces } = fakeParts();
  const open = () => new LiveSessions({ clusters, workspaces, dataDir, now: Date.now, log: pino({ level: 'silent' }) });
  const first = open();
  const names = async (live: LiveSessions) =>
    ((await live.states(writtenPlan)).now.resources['configmaps'] ?? []).map(({ metadata }) => metadata.name);
  const found = await names(first);
  expect(found).toEqual(expect.arrayContaining(said));
  // A write whose answer was still on its way may be there as well, and no more than that one.
  expect(found.filter((name) => /^c\d+$/.test(name)).length - said.length).toBeLessThanOrEqual(1);
  await first.closeAll();
  const second = open();
  expect(await names(second)).toEqual(found);
  await second.closeAll();
  await clusters.close();
});
