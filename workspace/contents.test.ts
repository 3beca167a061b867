/** What a candidate expects of the terminal, on a real one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, jest, test } from '@jest/globals';
import type { Workspace } from './index.ts';
import { PROMPT, testMachines, TOOLS, watch, type Watched } from './test-machine.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let workspace: Workspace;
let terminal: Watched;
beforeAll(async () => {
  machines = await testMachines();
  workspace = await machines.open();
  terminal = watch(workspace, { cols: 100, rows: 30 });
  await terminal.until(PROMPT);
});
afterAll(async () => {
  await machines.close();
});

const ESC = '\u001b';

/** Typed and waited for in turn. What is waited for must not be in what was typed: the terminal echoes that. */
test.each<{ name: string; steps: (readonly [type: string, until: string])[] }>([
  { name: 'k is kubectl', steps: [['k version --client -o json | jq -r .clientVersion.major\r', '\r1\r\n']] },
  {
    name: 'completion of resources’ flags and of files',
    steps: [
      ['kubectl get --all-n\t', '--all-namespaces'],
      ['\u0015\r', PROMPT],
      ['touch manifest-one.yaml\r', PROMPT],
      ['ls mani\t', 'ls manifest-one.yaml '],
      ['\u0015\r', PROMPT],
    ],
  },
  {
    name: 'job control: Ctrl-Z, bg, fg, Ctrl-C',
    steps: [
      ['sleep 500\r', 'sleep 500\r\n'],
      ['\u001a', 'Stopped'],
      ['bg; jobs\r', 'Running'],
      ['fg\r', 'sleep 500\r\n'],
      ['\u0003', PROMPT],
    ],
  },
  {
    name: 'Ctrl-R finds what was typed',
    steps: [
      ['\u0012manifest-o', 'touch manifest-one.yaml'],
      ['\u0003', PROMPT],
    ],
  },
  {
    name: 'history, written at each prompt',
    steps: [
      ['echo remem""ber\r', 'remember\r\n'],
      ['tail -1 ~/.bash_history\r', 'echo remem""ber\r\n'],
    ],
  },
  {
    name: 'vim: YAML in two spaces, and as kubectl’s editor',
    steps: [
      ['vim deep.yaml\r', '"deep.yaml" [New]'],
      [`ispec:\rx: 1${ESC}:wq\r`, PROMPT],
      ['echo $KUBE_EDITOR; cat -A deep.yaml\r', 'vim\r\nspec:$\r\n  x: 1$\r\n'],
    ],
  },
  {
    name: 'nano',
    steps: [
      ['nano small.txt\r', 'New File'],
      ['hello\u000f', 'File Name to Write'],
      ['\r', 'Wrote 1 line'],
      ['\u0018', PROMPT],
      ['wc -w small.txt\r', '1 small.txt'],
    ],
  },
  {
    name: 'less: paging, searching, leaving',
    steps: [
      ['seq 500 | less\r', '\r\n29'],
      ['/^4.7$\r', '407'],
      ['q', PROMPT],
    ],
  },
  { name: 'man', steps: [['man -P cat kill | head -1\r', 'KILL(1)']] },
  {
    name: 'tmux: a pane, a detach, an attach',
    steps: [
      ['tmux new -s work\r', '[work]'],
      ['echo in""side\r', 'inside'],
      // by its command: a prefix and a key that come at once are taken for a paste
      ['tmux detach\r', '[detached (from session work)]'],
      ['tmux attach -t work\r', 'inside'],
      ['exit\r', '[exited]'],
    ],
  },
  {
    name: 'openssl makes a key and a request',
    steps: [
      [
        'openssl req -new -newkey rsa:2048 -nodes -keyout u.key -subj /CN=jane/O=dev 2>/dev/null | openssl req -noout -subject\r',
        'subject=CN = jane, O = dev',
      ],
    ],
  },
  { name: 'base64 without wrapping', steps: [['seq 40 | base64 -w0 | base64 -d | tail -1\r', '\r40\r\n']] },
  {
    name: 'watch',
    steps: [
      ['watch -n 1 "echo ticks; date +%Y"\r', 'Every 1.0s'],
      ['', 'ticks'],
      ['\u0003', PROMPT],
    ],
  },
  { name: 'curl', steps: [['curl --version | head -1 | cut -c1-5\r', '\rcurl \r\n']] },
  {
    name: 'Korean typed, erased and completed',
    steps: [
      ['mkdir 폴더하나\r', PROMPT],
      ['cd 폴\t', 'cd 폴더하나/'],
      ['\r', '~/폴더하나$ '],
      ['cd\r', PROMPT],
      ['echo 가나\u007f다 | od -An -c | head -1\r', '352 260 200 353 213 244'],
    ],
  },
  { name: '256 and true colours are promised', steps: [['tput colors; echo $TERM\r', '256\r\nxterm-256color\r\n']] },
  {
    name: 'mouse in vim and tmux: the terminal is told',
    steps: [
      ['printf "\\e[?1000h\\e[?1006h"; echo mou""se\r', 'mouse'],
      ['printf "\\e[?1000l\\e[?1006l"; clear\r', PROMPT],
    ],
  },
  {
    name: 'a bracketed paste of lines is not run',
    steps: [
      [`${ESC}[200~echo pas""ted\necho twi""ce${ESC}[201~`, 'twi""ce'],
      ['\r', 'pasted\r\ntwice\r\n'],
    ],
  },
  {
    name: 'sudo asks nothing and is root',
    steps: [
      ['sudo whoami\r', '\rroot\r\n'],
      ['', PROMPT],
      ['sudo -i\r', 'root@base:~# '],
      ['k version --client | head -1; exit\r', 'Client Version: v1.35'],
      ['', PROMPT],
    ],
  },
])('terminal: $name', async ({ steps }) => {
  for (const [type, until] of steps) {
    if (type !== '') terminal.type(type);
    await terminal.until(until);
  }
});

test('emoji and Hangul are two cells wide for the shell', async () => {
  terminal.type('clear; printf "한🚀" | wc -L\r');
  await terminal.until('\r4\r\n');
});

// No package registry has it (docs/machines.md): a machine without it has none in its terminals, and says so at the start.
(existsSync(join(TOOLS, 'yq')) ? test : test.skip)('yq is mikefarah’s', async () => {
  terminal.type('kubectl create namespace x --dry-run=client -o yaml | yq .metadata.name\r');
  await terminal.until('\r\nx\r\n');
});
