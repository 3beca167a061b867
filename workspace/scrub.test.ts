/** What a killed server leaves, and that the next one cleans it up. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspaces } from './index.ts';
import { isRunning, processIdentity, type ProcessIdentity } from './sandbox/processes.ts';
import { TOOLS } from './test-machine.ts';

jest.setTimeout(30_000);

const dataDir = mkdtempSync(join(tmpdir(), 'drydock-scrub-'));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const SERVER = `
import { PassThrough } from 'node:stream';
import { createWorkspaces } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
const [toolsDir, dataDir] = process.argv.slice(1);
const workspaces = await createWorkspaces({ toolsDir, dataDir, log: () => undefined });
const workspace = await workspaces.open({ id: 'one', home: dataDir + '/home', kubeconfig: '', connect: () => new PassThrough() });
const sink = { snapshot() {}, output() {}, lead() {}, exit() {}, closed() {} };
workspace.attach(sink, { cols: 80, rows: 24 }).write(Buffer.from('sleep 1000 & setsid sleep 1000 &\\r'));
workspace.run('sleep 1000', { timeoutMs: 1e6 });
await workspace.run('sleep 0.2', { timeoutMs: 1e6 });
console.log('open');
`;

/** Processes below one, however deep. */
function below(pid: number): ProcessIdentity[] {
  const parents = readdirSync('/proc').flatMap((name) => {
    const identity = /^\d+$/.test(name) ? processIdentity(Number(name)) : undefined;
    return identity === undefined ? [] : [{ identity, parent: identity.parent }];
  });
  const collect = (from: number): ProcessIdentity[] =>
    parents.filter(({ parent }) => parent === from).flatMap(({ identity }) => [identity, ...collect(identity.pid)]);
  return collect(pid);
}

test('a server ended by SIGKILL takes all sandboxes with it, and the next one removes its folder', async () => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', SERVER, TOOLS, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const started = below(child.pid ?? 0);
  // The machine, a shell and a script, with bwrap around each.
  expect(started.length).toBeGreaterThanOrEqual(8);
  child.kill('SIGKILL');
  await once(child, 'exit');
  while (started.some(isRunning)) await new Promise((resolve) => setImmediate(resolve));

  const servers = (): string[] => readdirSync(join(dataDir, 'workspaces')).filter((name) => name !== 'next-uid');
  const [left] = servers();
  expect(left).toMatch(new RegExp(`^${child.pid}-`));
  const log: string[] = [];
  const workspaces = await createWorkspaces({ toolsDir: TOOLS, dataDir, log: (line) => log.push(line) });
  expect(log).toContain(`cleaned up after a server that was killed: ${left}`);
  expect(servers()).not.toContain(left);
  expect(existsSync(`/sys/fs/cgroup/memory/drydock/${left}-one`)).toBe(false);
  await workspaces.close();
  expect(servers()).toEqual([]);
});

test('the folder of a server that still runs, and what is not ours, is left alone', async () => {
  const serversDir = join(dataDir, 'workspaces');
  const me = processIdentity(process.pid);
  const living = `${me?.pid}-${me?.started}-abcdef`;
  for (const name of [living, 'notes']) {
    mkdirSync(join(serversDir, name), { recursive: true });
    writeFileSync(join(serversDir, name, 'file'), '');
  }
  const workspaces = await createWorkspaces({ toolsDir: TOOLS, dataDir, log: () => undefined });
  await workspaces.close();
  const left = readdirSync(serversDir).filter((name) => name !== 'next-uid');
  expect(left.sort()).toEqual([living, 'notes'].sort());
});

test('no tools: said before anything is built', async () => {
  const missing = join(dataDir, 'nowhere');
  await expect(createWorkspaces({ toolsDir: missing, dataDir, log: () => undefined })).rejects.toThrow(
    `no folder of tools at ${missing}`,
  );
});
