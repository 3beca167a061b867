/** The command line as one types it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const drydock = join(import.meta.dirname, 'drydock');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]) {
  const child = spawn(process.execPath, [drydock, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  return { child, texts };
}

async function run(...args: string[]) {
  const { child, texts } = start(...args);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...texts };
}

describe('cluster', () => {
  test('says one line when ready, answers, and stops on SIGTERM', async () => {
    const kubeconfig = join(folder, 'config');
    const { child, texts } = start(
      'cluster',
      '--kubeconfig',
      kubeconfig,
      '--nodes',
      'controlplane,alpha',
      '--seed',
      '5',
    );
    await once(child.stdout, 'data');
    const url =
      /^drydock: cluster ready at (https:\/\/127\.0\.0\.1:\d+), kubeconfig in .*\n$/.exec(texts.stdout)?.[1] ?? '';
    expect(url).not.toBe('');
    expect(readFileSync(kubeconfig, 'utf8')).toContain(url);
    // keys of an administrator are nobody else's to read
    expect(statSync(kubeconfig).mode & 0o077).toBe(0);
    child.kill('SIGTERM');
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect([code, signal, texts.stderr]).toEqual([0, null, '']);
  });

  test('a port that is taken is an error that names it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await run('cluster', '--kubeconfig', join(folder, 'never'), '--port', String(port));
    server.close();
    expect([code, existsSync(join(folder, 'never'))]).toEqual([2, false]);
    expect(stderr).toContain(`port ${port} cannot be had`);
  });
});

test.each([
  ['no arguments', [], 2, 'Usage: drydock'],
  ['an unknown command', ['fly'], 2, "unknown command 'fly'"],
  ['a command without what it needs', ['cluster'], 2, "required option '--kubeconfig <file>' not specified"],
  ['a bad node name', ['cluster', '--kubeconfig', 'x', '--nodes', 'A b'], 2, '"A b" is no node name'],
  ['two nodes of one name', ['cluster', '--kubeconfig', 'x', '--nodes', 'a,a'], 2, 'each node needs a name of its own'],
  ['a bad port', ['cluster', '--kubeconfig', 'x', '--port', '99999'], 2, 'expected a whole number from 0 to 65535'],
  ['a folder that is not there', ['scenario', 'lint', '/nowhere'], 2, 'there is no /nowhere'],
  ['a kubeconfig that is not there', ['grade', 'scenarios', '--kubeconfig', '/nowhere'], 2, 'there is no /nowhere'],
  ['an instructor folder that is not there', ['serve', '--scenarios', '/nowhere'], 2, 'there is no folder /nowhere'],
])('%s: exit code and a sentence', async (_name, args, code, sentence) => {
  const ran = await run(...args);
  expect(ran.stderr).toContain(sentence);
  expect(ran.code).toBe(code);
});

test.each([
  [['--help']],
  [['cluster', '--help']],
  [['serve', '--help']],
  [['scenario', '--help']],
  [['scenario', 'test', '--help']],
  [['grade', '--help']],
])('%p explains itself and the exit codes', async (args) => {
  const { code, stdout } = await run(...args);
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: drydock');
});

test('a kubeconfig that leads nowhere is told in kubectl’s words', async () => {
  const kubeconfig = join(folder, 'config');
  const { code, stderr } = await run(
    'grade',
    join(import.meta.dirname, '../scenarios/cka-core/team-quota'),
    '--kubeconfig',
    kubeconfig,
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/cannot read \w+: .*127\.0\.0\.1/);
});
