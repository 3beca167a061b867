/**
 * Records what real programs answer to the one-liners of cluster/kubelet/commands/recorded: busybox 1.36.1 as its image has it,
 * and the shell and programs of Debian. Where they are is said on the command line:
 *
 *     node test/differential/programs.ts busybox /path/to/busybox
 *     node test/differential/programs.ts gnu
 *
 * Runs as root, in /tmp/box, which it empties before each.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { linesOf, type Answer } from '../../cluster/kubelet/commands/recorded/one-liners.ts';

const HERE = path.join(import.meta.dirname, '../../cluster/kubelet/commands/recorded');
const LINKS = '/tmp/box-programs';
const [flavour = '', program = ''] = process.argv.slice(2);
if (flavour !== 'gnu' && (flavour !== 'busybox' || program === '')) throw new Error('busybox <path>, or gnu');

let where = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
if (flavour === 'busybox') {
  rmSync(LINKS, { recursive: true, force: true });
  mkdirSync(LINKS);
  execFileSync(program, ['--install', '-s', LINKS]);
  where = LINKS;
}
const env = { PATH: where, HOME: '/root', NODE_ENV: process.env.NODE_ENV };
const shell = flavour === 'busybox' ? `${LINKS}/sh` : '/bin/dash';
const answers: Record<string, Answer> = {};
for (const { script } of linesOf(readFileSync(`${HERE}/one-liners.txt`, 'utf8'))) {
  rmSync('/tmp/box', { recursive: true, force: true });
  execFileSync('/bin/sh', [`${HERE}/setup.sh`]);
  const ran = spawnSync(shell, ['-c', script], {
    argv0: 'sh',
    cwd: '/tmp/box',
    env,
    timeout: 8000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (ran.error !== undefined) {
    process.stderr.write(`left out, does not end: ${script}\n`);
    continue;
  }
  const [out, errors] = [ran.stdout, ran.stderr].map((text) =>
    text
      .replaceAll(`${LINKS}/`, '/bin/')
      // when it was built is said by each build
      .replace(/(?<=^BusyBox v[\d.]+ \().*?(?=\) multi-call)/m, '2024-09-26 21:31:42 UTC'),
  );
  answers[script] = [ran.status ?? 128, out ?? '', errors ?? ''];
}
writeFileSync(
  `${HERE}/${flavour}.json`,
  `{\n${Object.entries(answers)
    .map(([script, answer]) => `  ${JSON.stringify(script)}: ${JSON.stringify(answer)}`)
    .join(',\n')}\n}\n`,
);
