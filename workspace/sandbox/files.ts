/**
 * The files that make a sandbox a learner's machine: who they are, what their shell knows, and how a session starts.
 * They are the same for all sessions, written once at start-up, and mounted read-only.
 */

export const USER = 'candidate';
export const HOSTNAME = 'base';
export const HOME = '/home/candidate';
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
# Written at every prompt: a shell that ends with its server has no time to write it at the end.
PROMPT_COMMAND='history -a'
alias k=kubectl ls='ls --color=auto' grep='grep --color=auto' ll='ls -alF'

# Completion is read at the first Tab: the prompt need not wait for it.
__drydock_completion() {
  unset -f __drydock_completion __drydock_first_tab __start_kubectl
  complete -r -D
  [ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion
  . /etc/drydock/kubectl-completion.bash
  [ -r /etc/drydock/helm-completion.bash ] && . /etc/drydock/helm-completion.bash
  complete -o default -F __start_kubectl kubectl k
}
__drydock_first_tab() { __drydock_completion; return 124; }
# Defined early, so that a candidate's own "complete -F __start_kubectl k" works before anything was completed.
__start_kubectl() { __drydock_completion; __start_kubectl "$@"; }
complete -D -F __drydock_first_tab
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
[ -r "$HOME" ] && [ -w "$HOME" ] && [ -x "$HOME" ] || chmod u+rwx "$HOME"
given=${BROUGHT}/kubeconfig
last=$HOME/.kube/.drydock-given
# Only plain files are read: a pipe of that name would hold up every start from now on.
if [ ! -f "$HOME/.kube/config" ] || [ ! -f "$last" ] || [ "$(cat "$last" 2>/dev/null)" != "$(cat $given)" ]; then
  [ -f "$last" ] || rm -f "$last"
  mkdir -p "$HOME/.kube" && cat $given > "$HOME/.kube/config.$$" && chmod 600 "$HOME/.kube/config.$$" &&
    mv -f "$HOME/.kube/config.$$" "$HOME/.kube/config" && cat $given > "$last" && chmod 600 "$last"
fi
[ -e "$HOME/.vimrc" ] || [ -L "$HOME/.vimrc" ] || cat /etc/drydock/vimrc > "$HOME/.vimrc"
cd "$HOME" || exit 1
case $1 in
  login) stty iutf8; exec /bin/bash --login ;;
  script) exec /bin/bash ${BROUGHT}/script ;;
esac
echo "unknown start: $1" >&2
exit 64
`;

/** The files below /etc, by their path in it, that are the same in every workspace. */
export const ETC_FILES: Readonly<Record<string, string>> = {
  hostname: `${HOSTNAME}\n`,
  hosts: `127.0.0.1 localhost ${HOSTNAME}\n`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n',
  'resolv.conf': '',
  shells: '/bin/sh\n/bin/bash\n',
  'bash.bashrc': BASHRC,
  profile: PROFILE,
  'drydock/vimrc': VIMRC,
  'drydock/start': START,
};

/** The two files below /etc that say who the learner is. */
export function identityFiles(id: number): { passwd: string; group: string } {
  return {
    passwd: [
      'root:x:0:0:root:/root:/usr/sbin/nologin',
      `${USER}:x:${id}:${id}:Candidate:${HOME}:/bin/bash`,
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
      '',
    ].join('\n'),
    group: `root:x:0:\ntty:x:5:\n${USER}:x:${id}:\nnogroup:x:65534:\n`,
  };
}
