/** The rival of a terminal: ssh to this machine, on a port of its own, with a terminal. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { spawn as onTerminal } from 'node-pty';
import { openssh } from './machines.ts';

const PORT = 2799;

/** Mebibytes a second that `make` prints through ssh; undefined where there is no SSH server. */
export async function throughSsh(make: string, bytes: number): Promise<number | undefined> {
  if (!existsSync(join(openssh, 'sshd'))) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-ssh-'));
  const file = (name: string): string => join(folder, name);
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)], { stdio: 'ignore' });
  const lines = [
    `ListenAddress 127.0.0.1:${PORT}`,
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('user.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PrintMotd no',
    'PrintLastLog no',
    '',
  ];
  writeFileSync(file('config'), lines.join('\n'));
  // A server that root starts wants an account and a folder for its unprivileged half, which an unpacked one has not: it gets them for itself.
  const account = 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n';
  writeFileSync(file('passwd'), readFileSync('/etc/passwd', 'utf8') + account);
  const around = ['--dev-bind', '/', '/', '--ro-bind', file('passwd'), '/etc/passwd', '--tmpfs', '/run/sshd'];
  const lib = ['--setenv', 'LD_LIBRARY_PATH', join(openssh, 'lib')];
  const sshd = [join(openssh, 'sshd'), '-D', '-e', '-f', file('config')];
  const server = spawn('bwrap', ['--die-with-parent', ...around, ...lib, ...sshd], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await once(server.stderr, 'data');
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    const common = ['-tt', '-p', String(PORT), '-i', file('user'), ...options.flatMap((option) => ['-o', option])];
    const run = (command: string): Promise<{ bytes: number; seconds: number }> =>
      new Promise((resolve) => {
        const start = performance.now();
        let seen = 0;
        const pty = onTerminal('ssh', [...common, `${userInfo().username}@127.0.0.1`, command], { encoding: null });
        pty.onData((data: string | Uint8Array) => (seen += data.length));
        pty.onExit(() => resolve({ bytes: seen, seconds: (performance.now() - start) / 1000 }));
      });
    await run(`${make} > ${file('big')}`);
    const found: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { bytes: seen, seconds } = await run(`cat ${file('big')}`);
      if (seen < bytes) return undefined;
      found.push(bytes / 1024 / 1024 / seconds);
    }
    return found.sort((a, b) => a - b)[1];
  } finally {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}
