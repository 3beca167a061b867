/** What a script inside can and can't do, in the sandbox this host really gives. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createListener, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { RunResult, Workspace } from './index.ts';
import { tiersToTry } from './sandbox/host.ts';
import { testMachines } from './test-machine.ts';

// Real processes on a machine that may be busy: generous, and never waited out when all is well.
jest.setTimeout(30_000);

describe.each(tiersToTry(process.getuid?.() === 0))('%s', (tier) => {
  let machines: Awaited<ReturnType<typeof testMachines>>;
  let workspace: Workspace;
  const api = createServer((request, response) => response.end(`answer to ${request.url}\n`));
  /** Something of the host's that listens on loopback, as a database would. */
  const neighbour = createListener((socket) => socket.end('secret\n'));
  const port = (server: Server): number => (server.address() as AddressInfo).port;
  const listening = (server: Server): Promise<void> =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });

  const run = (script: string, timeoutMs = 20_000): Promise<RunResult> => workspace.run(script, { timeoutMs });

  beforeAll(async () => {
    await Promise.all([listening(api), listening(neighbour)]);
    machines = await testMachines(tier);
    workspace = await machines.open({ connect: () => connect(port(api), '127.0.0.1') });
  });

  afterAll(async () => {
    await machines.close();
    api.close();
    neighbour.close();
  });

  test.each<{ name: string; script: string; result: Partial<RunResult> }>([
    { name: 'success', script: 'echo out; echo err >&2', result: { exitCode: 0, stdout: 'out\n', stderr: 'err\n' } },
    { name: 'an exit code', script: 'exit 7', result: { exitCode: 7 } },
    { name: 'a failure under set -e', script: 'set -e\nfalse\necho not reached', result: { exitCode: 1, stdout: '' } },
    { name: 'a signal', script: 'kill -TERM $$', result: { exitCode: 143 } },
    { name: 'a syntax error', script: 'if', result: { exitCode: 2 } },
    { name: 'nothing to read', script: 'cat; echo end', result: { stdout: 'end\n' } },
    { name: 'Korean', script: 'echo 쿠버네티스 | cat', result: { stdout: '쿠버네티스\n' } },
    {
      name: 'who and where',
      script: 'id -un; hostname; pwd',
      result: { stdout: 'candidate\nbase\n/home/candidate\n' },
    },
    { name: 'home of its own', script: 'touch ~/x && stat -c %U ~/x', result: { stdout: 'candidate\n' } },
    {
      name: 'kubectl',
      script: 'kubectl version --client | head -1',
      result: { stdout: 'Client Version: v1.35.2\n' },
    },
    {
      name: 'an editor for kubectl edit',
      script: 'echo $EDITOR $KUBE_EDITOR $LANG $TMPDIR',
      result: { stdout: 'vim vim C.UTF-8 /tmp\n' },
    },
  ])('run: $name', async ({ script, result }) => {
    expect(await run(script)).toMatchObject({ timedOut: false, ...result });
  });

  test.each(['vim', 'nano', 'jq', 'less', 'man', 'tmux', 'openssl', 'curl', 'kubectl', 'helm'])(
    'run: %s is there',
    async (tool) => {
      expect((await run(`command -v ${tool}`)).stdout).toContain(tool);
    },
  );

  test('run: a script that takes too long is ended with all it started', async () => {
    const result = await run('echo begun; sleep 1000 & sleep 1000', 3_000);
    expect(result).toMatchObject({ timedOut: true, stdout: 'begun\n' });
  });

  test('run: /tmp and home are the same for the next script', async () => {
    await run('echo one > /tmp/kept; echo two > ~/kept');
    expect((await run('cat /tmp/kept ~/kept')).stdout).toBe('one\ntwo\n');
  });

  test('the API server is at 127.0.0.1:6443, several connections at once', async () => {
    const script = 'for i in 1 2 3; do curl -s http://127.0.0.1:6443/$i & done; wait';
    const { stdout } = await run(script);
    expect(stdout.split('\n').sort().join(' ').trim()).toBe('answer to /1 answer to /2 answer to /3');
  });

  test('nothing else of the host’s network is there', async () => {
    const { stdout } = await run(
      `curl -s -m 2 http://127.0.0.1:${port(neighbour)}; echo $?; tail -n +3 /proc/net/dev | cut -d: -f1; tail -n +2 /proc/net/route; curl -s -m 2 http://1.1.1.1; echo $?`,
    );
    expect(stdout.split(/\s+/).filter(Boolean)).toEqual(['7', 'lo', '7']);
  });

  test('the server’s environment and folder are not to be seen', async () => {
    const { stdout } = await run(
      'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | cut -d= -f1 | sort -u; readlink /proc/1/cwd',
    );
    const names = stdout.trim().split('\n');
    expect(names).not.toContain('NODE_OPTIONS');
    for (const name of Object.keys(process.env).filter((each) => /SECRET|TOKEN|KEY|JEST|npm_/.test(each))) {
      expect(names).not.toContain(name);
    }
    expect(stdout).not.toContain(process.cwd());
  });

  test.each<{ name: string; script: string; says: string }>([
    { name: 'no process of the host', script: 'ls /proc | grep -c "^[0-9]*$" | xargs test 8 -gt', says: '0' },
    { name: 'a read-only root', script: 'touch /x 2>/dev/null', says: '1' },
    { name: 'a read-only /usr', script: 'touch /usr/local/bin/x 2>/dev/null', says: '1' },
    { name: 'a read-only /etc', script: 'echo x > /etc/passwd', says: '1' },
    { name: 'no shadow file', script: 'test -e /etc/shadow', says: '1' },
    { name: 'no user namespaces', script: 'unshare --user true 2>/dev/null', says: '1' },
    { name: 'no mounts', script: 'mount -t tmpfs tmpfs /tmp 2>/dev/null', says: '32' },
    { name: 'no capability', script: 'grep -q "CapEff:.0000000000000000" /proc/self/status', says: '0' },
    { name: 'no new privileges', script: 'grep -q "NoNewPrivs:.1" /proc/self/status', says: '0' },
    { name: 'a system-call filter', script: 'grep -q "Seccomp:.2" /proc/self/status', says: '0' },
    {
      name: '/tmp has an end',
      script: 'head -c 300M /dev/zero > /tmp/big 2>/dev/null; s=$?; rm -f /tmp/big; (exit $s)',
      says: '1',
    },
    {
      name: '/tmp has an end in files',
      script:
        'cd /tmp && mkdir many && cd many && seq 20000 | xargs touch 2>/dev/null; s=$?; rm -rf /tmp/many; (exit $s)',
      says: '123',
    },
    { name: 'no descriptor of the server', script: 'ls /proc/self/fd | grep -vx "[0-3]"', says: '1' },
    { name: 'a limit of processes', script: 'test "$(ulimit -u)" -eq 512', says: '0' },
    { name: 'no device', script: 'ls /dev/vd* /dev/sd* /dev/mem 2>/dev/null', says: '2' },
    {
      name: 'no characters into the terminal (TIOCSTI)',
      script: `perl -e 'open(T, "<", "/dev/null"); my $c = "x"; ioctl(T, 0x5412, $c) and exit 9; exit($!{EPERM} ? 0 : 8)'`,
      says: '0',
    },
  ])('inside: $name', async ({ script, says }) => {
    expect((await run(`{ ${script}\n} >/dev/null; echo -n $?`)).stdout).toBe(says);
  });

  test('home: files and a changed kubeconfig are kept until another is handed out', async () => {
    const config = '~/.kube/config';
    const first = await machines.open({ id: 'kept', kubeconfig: 'given: one\n' });
    expect(
      (
        await first.run(`cat ${config}; stat -c %a ${config}; echo mine >> ${config}; echo note > ~/note`, {
          timeoutMs: 9_000,
        })
      ).stdout,
    ).toBe('given: one\n600\n');
    await first.close();
    const second = await machines.open({ id: 'kept', kubeconfig: 'given: one\n' });
    expect((await second.run(`cat ${config} ~/note`, { timeoutMs: 9_000 })).stdout).toBe('given: one\nmine\nnote\n');
    await second.close();
    const third = await machines.open({ id: 'kept', kubeconfig: 'given: two\n' });
    expect((await third.run(`cat ${config}; rm -r ~/.kube`, { timeoutMs: 9_000 })).stdout).toBe('given: two\n');
    await third.close();
  });

  test('homes: one learner can’t read another’s', async () => {
    const other = await machines.open({ id: 'other' });
    const path = join(machines.dataDir, 'homes');
    const { stdout } = await other.run(`ls ${path} /home 2>&1`, { timeoutMs: 9_000 });
    expect(stdout).toContain('No such file or directory');
    expect(stdout).toContain('candidate');
    if (machines.workspaces.tier !== 'same-uid') {
      expect(statSync(join(path, 'other')).uid).not.toBe(statSync(join(path, 'kept')).uid);
    }
    await other.close();
  });

  test('close: no process, mount, folder or control group is left', async () => {
    const one = await machines.open({ id: 'leaves' });
    const running = one.run('sleep 1000 & setsid sleep 1000', { timeoutMs: 60_000 });
    await one.run('true', { timeoutMs: 9_000 });
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    await one.close();
    expect((await running).exitCode).not.toBe(0);
    const uid = statSync(join(machines.dataDir, 'homes', 'leaves')).uid;
    if (machines.workspaces.tier !== 'same-uid') expect(processesOf(uid)).toEqual([]);
    const [serverDir] = readdirSync(join(machines.dataDir, 'workspaces')).filter((name) => name !== 'next-uid');
    expect(existsSync(join(machines.dataDir, 'workspaces', serverDir ?? '', 'leaves'))).toBe(false);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(mounts);
    expect(existsSync(`/sys/fs/cgroup/memory/drydock/${serverDir}-leaves`)).toBe(false);
    await expect(one.run('true', { timeoutMs: 1 })).rejects.toThrow('workspace leaves is closed');
    expect(machines.workspaces.get('leaves')).toBeUndefined();
  });

  test.each(['', '../x', 'a/b', 'x'.repeat(65)])('open: %j is no id', async (id) => {
    await expect(machines.open({ id })).rejects.toThrow('not an id for a workspace');
  });

  test('open: one workspace of an id at a time', async () => {
    const one = await machines.open({ id: 'twice' });
    await expect(machines.open({ id: 'twice' })).rejects.toThrow('workspace twice is open already');
    await one.close();
  });
});

/** Running processes of a user; one that has ended and waits for the host's process 1 to collect it is not counted. */
function processesOf(uid: number): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      if (!/^\d+$/.test(name) || statSync(`/proc/${name}`).uid !== uid) return false;
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${name}/status`, 'utf8'));
    } catch {
      // It ended while we looked.
      return false;
    }
  });
}
