/**
 * The SSH server of a learner's hosts. Debian's package is unpacked, not installed: installed, it would start a server on this machine's own
 * port 22. apt checks what it fetches, and needs no root for it.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, has } from './run.mjs';
import { say, step } from './say.mjs';

/** libwrap: the one library of it that a plain Debian or Ubuntu lacks. */
const PACKAGES = ['openssh-server', 'libwrap0'];

/** Puts sshd and its libraries into `folder`. Where that can't be, exams start straight on their hosts, and this says so. */
export async function installOpenSsh(folder) {
  if (existsSync(join(folder, 'sshd'))) return;
  const without = (why) => say(`No SSH server for exam hosts (${why}): exams open on the host itself, without ssh.`);
  if (!has('apt-get') || !has('dpkg-deb')) return without('this machine has no apt');
  if (process.env['DRYDOCK_NO_APT'] === '1') return without('DRYDOCK_NO_APT=1');
  await step('fetching an SSH server for exam hosts with apt', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'drydock-openssh-'));
    try {
      for (const name of PACKAGES) {
        if (capture('apt-get', ['download', '-qq', name], { cwd: scratch }) === undefined)
          return without(`apt-get download ${name} failed`);
      }
      const unpacked = join(scratch, 'unpacked');
      for (const file of readdirSync(scratch).filter((name) => name.endsWith('.deb'))) {
        if (capture('dpkg-deb', ['-x', join(scratch, file), unpacked]) === undefined)
          return without(`${file} could not be unpacked`);
      }
      const made = join(scratch, 'made');
      mkdirSync(join(made, 'lib'), { recursive: true });
      copyFileSync(join(unpacked, 'usr/sbin/sshd'), join(made, 'sshd'));
      // Since 9.8 the server is three programs.
      for (const part of ['sshd-session', 'sshd-auth']) {
        const file = join(unpacked, 'usr/lib/openssh', part);
        if (existsSync(file)) copyFileSync(file, join(made, part));
      }
      for (const triplet of readdirSync(join(unpacked, 'usr/lib')).filter((name) => name.includes('-linux-gnu')))
        for (const library of readdirSync(join(unpacked, 'usr/lib', triplet)).filter((name) => name.includes('.so')))
          // copyFile follows a link; cp with `dereference` takes one for a folder on some versions of Node
          copyFileSync(join(unpacked, 'usr/lib', triplet, library), join(made, 'lib', library));
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(join(folder, '..'), { recursive: true });
      cpSync(made, `${folder}.part`, { recursive: true });
      renameSync(`${folder}.part`, folder);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
