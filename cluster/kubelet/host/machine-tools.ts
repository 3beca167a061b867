/** Smaller tools of a machine: swap, its name, its kernel's settings, and doing things as root. */
import type { Program } from '../shell/box.ts';
import { instant, lasting, type Tool } from '../commands/tool.ts';

const SETTINGS: Readonly<Record<string, string>> = {
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.ipv4.ip_forward': '1',
  'vm.swappiness': '60',
};

function swap(on: boolean): (tool: Tool) => number | void {
  return (tool) => {
    if (on && tool.has('s', 'show')) {
      if (tool.box.machine?.state().swap) tool.out('NAME      TYPE SIZE USED PRIO\n/swapfile file   2G   0B   -2\n');
      return;
    }
    if (!tool.has('a') && tool.operands.length === 0) {
      tool.context.io.stderr.write(`${tool.name}: bad usage\nTry '${tool.name} --help' for more information.\n`);
      return 16;
    }
    tool.box.machine?.change({ swap: on });
  };
}

export const MACHINE_TOOLS: Readonly<Record<string, Program>> = {
  swapon: instant(swap(true)),
  swapoff: instant(swap(false)),
  hostnamectl: instant((tool) => {
    const name = tool.box.machine?.node ?? tool.box.hostname;
    tool.out(
      ` Static hostname: ${name}\n       Icon name: computer-vm\n         Chassis: vm\n  Virtualization: kvm\nOperating System: Ubuntu 24.04.3 LTS\n          Kernel: Linux 6.8.0-51-generic\n    Architecture: x86-64\n`,
    );
  }),
  sysctl: instant((tool) => {
    const names = tool.has('a') ? Object.keys(SETTINGS) : tool.operands;
    for (const word of names) {
      const [name = '', value] = word.split('=');
      const known = value ?? SETTINGS[name];
      if (known === undefined)
        tool.problem(`cannot stat /proc/sys/${name.replaceAll('.', '/')}: No such file or directory`);
      else tool.out(tool.has('n') ? `${known}\n` : `${name} = ${known}\n`);
    }
  }, 'pf'),
  // everybody on this machine is root already
  sudo: lasting(function* sudo(tool) {
    const words = [...tool.args];
    while (words[0]?.startsWith('-')) {
      const option = words.shift() ?? '';
      if (/^-[ugh]$/.test(option)) words.shift();
      if ((option === '-i' || option === '-s') && words.length === 0) words.push('bash');
    }
    if (words.length === 0) {
      tool.context.io.stderr.write('usage: sudo -h | -K | -k | -V\n');
      return 1;
    }
    return yield* tool.context.call(words);
  }),
};
