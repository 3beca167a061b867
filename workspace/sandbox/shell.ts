import { writeFileSync } from 'node:fs';
import { FILE_BYTES, OPEN_FILES, PROCESSES } from '../limits.ts';
import {
  ARGUMENTS_FD,
  argumentBytes,
  SCRIPT_FD,
  SECCOMP_FD,
  shellArguments,
  startCommand,
  type HostLayout,
  type ShellContents,
} from './arguments.ts';

/** The program and arguments, run on the host with an empty environment, that become a learner's shell. */
export interface ShellCommand {
  file: string;
  args: string[];
}

/**
 * Closes what the server inherited from whoever started it, opens the files that bwrap reads, enters the control groups, and becomes the rest
 * of the line. In bash, as the plain sh of some hosts can't name a descriptor above 9.
 */
const ENTER = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; (( fd < 3 )) || eval "exec $fd>&-"; done
exec ${ARGUMENTS_FD}<"$1" ${SECCOMP_FD}<"$2"; shift 2
[ -z "$1" ] || exec ${SCRIPT_FD}<"$1"; shift
while [ "$1" != -- ]; do { echo $$ > "$1"; } 2>/dev/null; shift; done; shift
exec "$@"`;

export interface ShellOptions {
  host: HostLayout;
  /** uid and gid on the host, where the server may choose; else its own. */
  uid: number;
  /** The machine's keeper. */
  keeper: number;
  /** Path at which the arguments are written. */
  argumentsFile: string;
  seccompFile: string;
  scriptFile: string | undefined;
  contents: Omit<ShellContents, 'script'>;
  /** What /etc/drydock/start becomes. */
  start: readonly string[];
  /** cgroup.procs files to enter. */
  cgroups: readonly string[];
}

export function shellCommand(options: ShellOptions): ShellCommand {
  const { host, uid } = options;
  const { programs, tier } = host;
  const script = options.scriptFile !== undefined;
  writeFileSync(options.argumentsFile, argumentBytes(shellArguments(host, { ...options.contents, script })), {
    mode: 0o600,
  });
  const id = String(uid);
  const identity: Record<typeof tier, string[]> = {
    'own-uid': [programs.setpriv, '--reuid', id, '--regid', id, '--clear-groups', '--no-new-privs', '--'],
    // Taken inside, after the mounts are made (startCommand).
    'own-uid-plain': [],
    'same-uid': [],
  };
  return {
    file: programs.bash,
    args: [
      '--norc',
      '--noprofile',
      '-c',
      ENTER,
      'enter',
      options.argumentsFile,
      options.seccompFile,
      options.scriptFile ?? '',
      ...options.cgroups,
      '--',
      programs.prlimit,
      '--core=0',
      `--nofile=${OPEN_FILES}`,
      `--fsize=${FILE_BYTES}`,
      // For a shared uid it is set inside (startCommand).
      ...(tier === 'same-uid' ? [] : [`--nproc=${PROCESSES}`]),
      programs.nsenter,
      '--target',
      String(options.keeper),
      '--mount',
      '--net',
      ...(tier === 'same-uid' ? ['--user', '--preserve-credentials'] : []),
      '--',
      ...identity[tier],
      programs.bwrap,
      '--args',
      String(ARGUMENTS_FD),
      '--',
      ...startCommand(host, uid, options.start),
    ],
  };
}
