/** What a learner may leave in the home folder for the next start to trip over. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testMachines, watch, PROMPT } from '#workspace/test-machine.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let outside: string;

beforeAll(async () => {
  machines = await testMachines();
  outside = join(machines.dataDir, 'outside');
  mkdirSync(outside, { mode: 0o777 });
  writeFileSync(join(outside, 'precious'), 'precious\n', { mode: 0o666 });
});
afterAll(async () => {
  await machines.close();
});

/** One visit: what is done there, then the next visit's first words. */
async function visits(id: string, leave: string): Promise<string> {
  const first = await machines.open({ id });
  await first.run(leave, { timeoutMs: 10_000 });
  await first.close();
  const second = await machines.open({ id });
  const terminal = watch(second);
  try {
    await terminal.until(PROMPT);
    return (await second.run('id -u; cat ~/.kube/config 2>&1', { timeoutMs: 10_000 })).stdout;
  } finally {
    await second.close();
  }
}

test.each<{ name: string; leave: string; kubeconfig?: boolean }>([
  { name: 'a link instead of .kube', leave: 'rm -rf ~/.kube; ln -s OUTSIDE ~/.kube' },
  { name: 'a link instead of the kubeconfig', leave: 'ln -sf OUTSIDE/precious ~/.kube/config', kubeconfig: true },
  { name: 'a link instead of our mark', leave: 'ln -sf OUTSIDE/precious ~/.kube/.drydock-given', kubeconfig: true },
  { name: 'a link instead of .vimrc', leave: 'rm -f ~/.vimrc; ln -s OUTSIDE/new ~/.vimrc', kubeconfig: true },
  { name: 'a link instead of the history', leave: 'ln -sf OUTSIDE/precious ~/.bash_history', kubeconfig: true },
  { name: 'links that lead in a circle', leave: 'rm -rf ~/.kube; ln -s .kube ~/.kube; ln -s loop ~/loop' },
  { name: 'a pipe instead of the kubeconfig', leave: 'rm -f ~/.kube/config; mkfifo ~/.kube/config', kubeconfig: true },
  {
    name: 'a pipe instead of our mark',
    leave: 'rm -f ~/.kube/.drydock-given; mkfifo ~/.kube/.drydock-given',
    kubeconfig: true,
  },
  { name: 'a folder instead of the kubeconfig', leave: 'rm -f ~/.kube/config; mkdir ~/.kube/config' },
  { name: 'a file instead of .kube', leave: 'rm -rf ~/.kube; touch ~/.kube' },
  { name: 'a .kube nobody may enter', leave: 'chmod 0 ~/.kube' },
  { name: 'a home nobody may enter', leave: 'chmod 0 ~', kubeconfig: true },
  {
    name: 'hard links to what is mounted',
    leave: 'ln /etc/passwd ~/p; ln /usr/bin/bash ~/b; ln /run/drydock/kubeconfig ~/k; ls ~',
    kubeconfig: true,
  },
  {
    name: 'names of newlines and escapes',
    leave: `touch ~/$'a\\nb' ~/$'\\e[2J' ~/$'\\xff' -- "$HOME/-rf"`,
    kubeconfig: true,
  },
  {
    name: 'a tree too deep for a path',
    leave: `perl -e 'for (1 .. 2000) { mkdir "dddddddddd" and chdir "dddddddddd" or last }'`,
    kubeconfig: true,
  },
])('at the next start held by starting inside the sandbox: $name', async ({ name, leave, kubeconfig }) => {
  const id = name.replaceAll(/[^a-z]+/g, '-').slice(0, 60);
  const said = await visits(id, leave.replaceAll('OUTSIDE', outside));
  expect(said).toMatch(/^\d+\n/);
  if (kubeconfig) expect(said).toContain('kind: Config');
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('precious\n');
  expect(existsSync(join(outside, 'new'))).toBe(false);
  expect(existsSync(join(outside, 'config'))).toBe(false);
  expect(statSync(join(outside, 'precious')).uid).toBe(process.getuid?.());
  expect(lstatSync(join(machines.dataDir, 'homes', id)).isDirectory()).toBe(true);
});

test('a home replaced by a link is refused', async () => {
  const home = join(machines.dataDir, 'homes', 'replaced');
  const { symlinkSync } = await import('node:fs');
  symlinkSync(outside, home);
  await expect(machines.open({ id: 'replaced', home })).rejects.toThrow();
  expect(statSync(outside).uid).toBe(process.getuid?.());
});
