/**
 * The files that make a sandbox a learner's machine: who they are, what their shell knows, and how a session starts.
 * Those of ETC_FILES are the same for all sessions, written once at start-up; all are mounted read-only.
 */
import { readFileSync } from 'node:fs';
import type { HostOptions } from '../driver.ts';

export const USER = 'candidate';
export const HOME = '/home/candidate';
export const ROOT_HOME = '/root';
/** Where the machine keeps what it brings along; not seen from the shell unless mounted there too. */
export const BROUGHT = '/run/drydock';

/** Environment of every shell and script. */
export const ENVIRONMENT: Record<string, string> = {
  HOME,
  USER,
  LOGNAME: USER,
  SHELL: '/bin/bash',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
  EDITOR: 'vim',
  KUBE_EDITOR: 'vim',
};

/** What is otherwise for the machine's root. */
export const ROOT_ENVIRONMENT: Record<string, string> = { HOME: ROOT_HOME, USER: 'root', LOGNAME: 'root' };

/** Where `sudo` reaches the server, in the machine's own network. */
export const SUDO_DOOR = { address: '127.0.0.1', port: 1 };
/** Address at which the n-th of a machine's hosts is reached from it. */
export const hostAddress = (index: number): string => `127.0.1.${index + 1}`;
/** As many as there are addresses. */
export const MOST_HOSTS = 200;

/** Files of the host's /etc that programs need and that hold no secret; each is left out where the host has none. */
export const HOST_ETC = [
  'alternatives',
  'bash_completion',
  'bash_completion.d',
  'groff',
  'inputrc',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'magic',
  'man_db.conf',
  'manpath.config',
  'mime.types',
  'nanorc',
  'papersize',
  'protocols',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'terminfo',
  'vim',
  'virc',
  'vimrc',
] as const;

const BASHRC = String.raw`# Shell settings of a Drydock workspace, read by every interactive bash before ~/.bashrc.
case $- in *i*) ;; *) return ;; esac
PS1='\[\e[1;32m\]\u@\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
HISTCONTROL=ignoreboth HISTSIZE=5000 HISTFILESIZE=10000
shopt -s histappend checkwinsize
# A limit that was run into is told once, at the next prompt: the program that met it often says no more than "Killed".
__drydock_reached() {
  local all
  [ -s /run/drydock/reached/limits ] || return
  mapfile -t all < /run/drydock/reached/limits
  [ "${'$'}{#all[@]}" -gt "$__drydock_told" ] && printf '\e[1;33m%s\e[0m\n' "${'$'}{all[@]:__drydock_told}" >&2
  __drydock_told=${'$'}{#all[@]}
}
__drydock_told=0
[ -r /run/drydock/reached/limits ] && __drydock_told=$(wc -l < /run/drydock/reached/limits)
# History is written at every prompt: a shell that ends with its server has no time to write it at the end.
PROMPT_COMMAND='history -a; __drydock_reached'
alias ls='ls --color=auto' grep='grep --color=auto' ll='ls -alF'

# Completion is read at the first Tab: the prompt need not wait for it.
__drydock_completion() {
  unset -f __drydock_completion __drydock_first_tab __start_kubectl
  complete -r -D
  [ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion
  [ -r /etc/drydock/helm-completion.bash ] && . /etc/drydock/helm-completion.bash
  [ -r /etc/drydock/kubectl-completion.bash ] || return
  . /etc/drydock/kubectl-completion.bash
  complete -o default -F __start_kubectl kubectl k
}
__drydock_first_tab() { __drydock_completion; return 124; }
complete -D -F __drydock_first_tab
[ -r /etc/drydock/kubectl-completion.bash ] || return
alias k=kubectl
# Defined early, so that a candidate's own "complete -F __start_kubectl k" works before anything was completed.
__start_kubectl() { __drydock_completion; __start_kubectl "$@"; }
complete -F __drydock_first_tab kubectl k helm
`;

const PROFILE = `# A login shell of a Drydock workspace.
[ -r /etc/bash.bashrc ] && . /etc/bash.bashrc
if [ ! -e ~/.bash_profile ] && [ ! -e ~/.profile ] && [ -r ~/.bashrc ]; then . ~/.bashrc; fi
`;

const VIMRC = `" YAML as kubectl likes it: two spaces, never a tab.
set expandtab tabstop=2 shiftwidth=2 softtabstop=2 autoindent
set number
syntax on
filetype plugin indent on
`;

/**
 * First program in the sandbox. Makes the home ready, then becomes what was asked for. The learner's own kubeconfig is kept,
 * contexts and all, unless the one we hand out has changed since (another cluster, new certificates).
 */
const START = `#!/bin/sh
umask 022
# A file that grows too long is told as an error, instead of ending the program that writes it.
trap '' XFSZ
# The home is full: what is there may be read and deleted.
[ -s ${BROUGHT}/reached/full ] && ulimit -f 0
[ -r "$HOME" ] && [ -w "$HOME" ] && [ -x "$HOME" ] || chmod u+rwx "$HOME"
given=${BROUGHT}/kubeconfig
last=$HOME/.kube/.drydock-given
# Only plain files are read: a pipe of that name would hold up every start from now on.
if [ -f $given ] && { [ ! -f "$HOME/.kube/config" ] || [ ! -f "$last" ] || [ "$(cat "$last" 2>/dev/null)" != "$(cat $given)" ]; }; then
  [ -f "$last" ] || rm -f "$last"
  mkdir -p "$HOME/.kube" && cat $given > "$HOME/.kube/config.$$" && chmod 600 "$HOME/.kube/config.$$" &&
    mv -f "$HOME/.kube/config.$$" "$HOME/.kube/config" && cat $given > "$last" && chmod 600 "$last"
fi
[ -e "$HOME/.vimrc" ] || [ -L "$HOME/.vimrc" ] || cat /etc/drydock/vimrc > "$HOME/.vimrc"
what=$1
shift
cd "$HOME" || exit 1
case $what in
  login) stty iutf8; cat ${BROUGHT}/reached/full 2>/dev/null; exec /bin/bash --login ;;
  script) exec /bin/bash ${BROUGHT}/script ;;
  ssh) LD_LIBRARY_PATH=${BROUGHT}/openssh/lib exec ${BROUGHT}/openssh/sshd -i -f /etc/drydock/sshd_config ;;
  # For sudo: a folder to be in, settings, then a command.
  command)
    cd "$1" 2>/dev/null || cd /
    shift
    while case $1 in *=*) true ;; *) false ;; esac; do export "$1"; shift; done
    if ! command -v -- "$1" >/dev/null; then echo "sudo: $1: command not found" >&2; exit 1; fi
    exec "$@" ;;
esac
echo "unknown start: $what" >&2
exit 64
`;

/** Nothing but the machine's own `base` can connect, and with the one key; who comes is the candidate. */
const SSHD_CONFIG = `HostKey /etc/drydock/ssh/host_key
AuthorizedKeysFile /etc/drydock/ssh/authorized_keys
AuthenticationMethods publickey
AllowUsers ${USER}
StrictModes no
UsePAM no
PidFile none
PrintMotd no
PrintLastLog no
LogLevel QUIET
AllowTcpForwarding no
AllowAgentForwarding no
X11Forwarding no
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
SetEnv ${['PATH', 'TMPDIR', 'EDITOR', 'KUBE_EDITOR', 'LANG'].map((name) => `${name}=${ENVIRONMENT[name]}`).join(' ')}
`;

/** The candidate has no keys and answers no questions. */
const SSH_CONFIG = `Host *
  User ${USER}
  IdentityFile /etc/drydock/ssh/id
  IdentitiesOnly yes
  GlobalKnownHostsFile /etc/drydock/ssh/known_hosts
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  PasswordAuthentication no
  KbdInteractiveAuthentication no
  ForwardX11 no
  SendEnv LANG LC_*
  # The way is a few memory copies long: what is quick to compute is enough.
  KexAlgorithms curve25519-sha256
  Ciphers aes128-gcm@openssh.com
`;

/** In place of a tool that the server's own machine has and the exam's base has not. */
const ABSENT = `#!/bin/sh
echo "bash: \${0##*/}: command not found" >&2
exit 127
`;

const SUDO = readFileSync(new URL('./sudo.pl', import.meta.url), 'utf8')
  .replaceAll('@ADDRESS@', SUDO_DOOR.address)
  .replaceAll('@PORT@', String(SUDO_DOOR.port));

/** The files below /etc, by their path in it, that are the same in every workspace. */
export const ETC_FILES: Readonly<Record<string, string>> = {
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n',
  'resolv.conf': '',
  shells: '/bin/sh\n/bin/bash\n',
  'bash.bashrc': BASHRC,
  profile: PROFILE,
  'drydock/vimrc': VIMRC,
  'drydock/start': START,
  'drydock/sudo': SUDO,
  'drydock/absent': ABSENT,
  'drydock/sshd_config': SSHD_CONFIG,
};

/** Keys with which one machine's `base` and its hosts know each other. */
export interface SshKeys {
  hostKey: string;
  hostPublic: string;
  userKey: string;
  userPublic: string;
}

/** The files below /etc that say who and where one machine is; those with a key are for the learner alone. */
export function ownEtcFiles(options: {
  /** uid and gid that the learner sees. */
  id: number;
  hostname: string;
  /** The machines that ssh reaches from here. */
  hosts: readonly Pick<HostOptions, 'hostname'>[];
  /** Reached by ssh itself. */
  reachable: boolean;
  keys: SshKeys | undefined;
}): Record<string, string> {
  const { id, hostname, hosts, keys } = options;
  return {
    hostname: `${hostname}\n`,
    hosts: [
      `127.0.0.1 localhost ${hostname}`,
      ...hosts.map((host, index) => `${hostAddress(index)} ${host.hostname}`),
      '',
    ].join('\n'),
    passwd: [
      'root:x:0:0:root:/root:/bin/bash',
      `${USER}:x:${id}:${id}:Candidate:${HOME}:/bin/bash`,
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
      '',
    ].join('\n'),
    // No group tty: sshd would give its terminals to it, which takes a right that nobody here has.
    group: `root:x:0:\n${USER}:x:${id}:\nnogroup:x:65534:\n`,
    'ssh/ssh_config': SSH_CONFIG,
    ...(keys !== undefined && hosts.length > 0
      ? {
          'drydock/ssh/id': keys.userKey,
          'drydock/ssh/known_hosts': hosts.map((host) => `${host.hostname} ${keys.hostPublic}`).join(''),
        }
      : {}),
    ...(keys !== undefined && options.reachable
      ? { 'drydock/ssh/host_key': keys.hostKey, 'drydock/ssh/authorized_keys': keys.userPublic }
      : {}),
  };
}
