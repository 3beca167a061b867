/** The exam's way: `base` without tools, ssh to the host of a task, and back. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RemoteHostOptions, RunResult, Workspace } from './index.ts';
import { testMachines, watch } from './test-machine.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let workspace: Workspace;
const clusters = ['first', 'second'].map((name) => createServer((_request, response) => response.end(`${name}\n`)));
let hosts: RemoteHostOptions[];
/** How often the second host's cluster was asked for: at its first login, not before. */
let asked = 0;

beforeAll(async () => {
  machines = await testMachines();
  hosts = await Promise.all(
    clusters.map(async (server, index) => {
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const { port } = server.address() as AddressInfo;
      const access = { kubeconfig: `kind: Config\nname: ${index}\n`, connect: () => connect(port, '127.0.0.1') };
      return {
        hostname: ['cka3962', 'cka-5601'][index] ?? '',
        home: join(machines.dataDir, 'homes', `host${index}`),
        cluster: index === 0 ? access : () => Promise.resolve(((asked += 1), access)),
      };
    }),
  );
  workspace = await machines.workspaces.open({ id: 'exam', home: join(machines.dataDir, 'homes', 'base'), hosts });
});
afterAll(async () => {
  await machines.close();
  for (const server of clusters) server.close();
});

const run = (script: string): Promise<RunResult> => workspace.run(script, { timeoutMs: 30_000 });

test.each<{ name: string; script: string; result: Partial<RunResult> }>([
  {
    name: 'base has no tools',
    script: 'hostname; kubectl get pods; helm ls; ls ~/.kube',
    result: {
      stdout: 'base\n',
      stderr: expect.stringMatching(/kubectl: command not found[^]*helm: command not found[^]*No such file/) as never,
    },
  },
  {
    name: 'ssh host command: there, with its tools and its exit code',
    script: 'ssh cka3962 "hostname; id -un; pwd; command -v kubectl; exit 9"',
    result: { stdout: 'cka3962\ncandidate\n/home/candidate\n/usr/local/bin/kubectl\n', stderr: '', exitCode: 9 },
  },
  {
    name: 'standard input goes through, output and errors come apart',
    script: 'echo in | ssh cka3962 "cat; echo out; echo err >&2"',
    result: { stdout: 'in\nout\n', stderr: 'err\n' },
  },
  {
    name: 'each host has its own cluster',
    script:
      'for h in cka3962 cka-5601; do ssh $h "curl -s http://127.0.0.1:6443; grep name ~/.kube/config" < /dev/null; done',
    result: { stdout: 'first\nname: 0\nsecond\nname: 1\n' },
  },
  {
    name: 'each host has its own files',
    script:
      'echo b > ~/f; ssh cka3962 "echo a > ~/f; echo t > /tmp/t"; ssh cka-5601 "cat ~/f /tmp/t"; ssh cka3962 "cat ~/f /tmp/t"; cat ~/f',
    result: { stdout: 'a\nt\nb\n', exitCode: 0 },
  },
  {
    name: 'scp both ways, with folders',
    script:
      'mkdir -p d/e && echo x > d/e/f && scp -qr d cka3962:copied && ssh cka3962 cat copied/e/f && scp -q cka3962:copied/e/f back && cat back',
    result: { stdout: 'x\nx\n', stderr: '' },
  },
  {
    name: 'sftp',
    script: 'echo "ls copied" | sftp -q -b - cka3962 | tail -1 | tr -d " "',
    result: { stdout: 'copied/e\n' },
  },
  {
    name: 'from a host no other is reached',
    script: 'ssh cka3962 ssh cka-5601 hostname; echo $?; ssh cka3962 ssh base hostname; echo $?',
    result: {
      stdout: '255\n255\n',
      stderr:
        'ssh: Could not resolve hostname cka-5601: Name or service not known\r\nssh: Could not resolve hostname base: Name or service not known\r\n',
    },
  },
  {
    name: 'an unknown host',
    script: 'ssh cka0000 true',
    result: { exitCode: 255, stderr: 'ssh: Could not resolve hostname cka0000: Name or service not known\r\n' },
  },
  {
    name: 'another user',
    script: 'ssh root@cka3962 true',
    result: { exitCode: 255, stderr: 'root@cka3962: Permission denied (publickey).\r\n' },
  },
  {
    name: 'sudo on a host',
    script: 'ssh cka3962 "sudo hostname; sudo id -u; sudo kubectl config view >/dev/null && echo configured"',
    result: { stdout: 'cka3962\n0\nconfigured\n', stderr: '' },
  },
])('hosts: $name', async ({ script, result }) => {
  expect(await run(script)).toMatchObject(result);
});

test('on a terminal: ssh, work there, exit, and base again; sudo -i and back', async () => {
  const terminal = watch(workspace);
  await terminal.until('candidate@base:~$ ');
  terminal.type('ssh cka3962\r');
  await terminal.until('candidate@cka3962:~$ ');
  terminal.type('k vers\t');
  await terminal.until('k version ');
  terminal.type('--client | head -1; tty; stty size; echo 한글\r');
  await terminal.until('Client Version: v1.35.2\r\n/dev/pts/0\r\n24 80\r\n한글\r\n');
  terminal.attachment.resize({ cols: 100, rows: 30 });
  await terminal.until('candidate@cka3962:~$ ');
  terminal.type('stty size\r');
  await terminal.until('30 100\r\n');
  terminal.type('sudo -i\r');
  await terminal.until('root@cka3962:~# ');
  terminal.type('whoami; pwd; stty size; sleep 100\r');
  await terminal.until('root\r\n/root\r\n30 100\r\n');
  terminal.type('\u0003');
  await terminal.until('root@cka3962:~# ');
  terminal.type('exit\r');
  await terminal.until('candidate@cka3962:~$ ');
  terminal.type('exit\r');
  await terminal.until('Connection to cka3962 closed.');
  await terminal.until('candidate@base:~$ ');
});

test('closing the workspace ends its hosts; their files are there the next time', async () => {
  await workspace.close();
  workspace = await machines.workspaces.open({ id: 'exam', home: join(machines.dataDir, 'homes', 'base'), hosts });
  asked = 0;
  expect((await run('cat f; ssh cka3962 "cat f; ls /tmp"')).stdout).toBe('b\na\n');
  expect(asked).toBe(0);
  await run('ssh cka-5601 true; ssh cka-5601 true');
  expect(asked).toBe(1);
});

test.each([
  { name: 'capital letters', hostname: 'CKA1' },
  { name: 'a path', hostname: '../x' },
  { name: 'nothing', hostname: '' },
])('refused as a host name: $name', async ({ hostname }) => {
  const home = join(machines.dataDir, 'homes', 'refused');
  await expect(machines.workspaces.open({ id: 'refused', home, hosts: [{ hostname, home }] })).rejects.toThrow(
    `not a host name: ${JSON.stringify(hostname)}`,
  );
});
