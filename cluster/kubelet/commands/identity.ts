/** Who and where one is. */
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';
import { groupName, userName } from './users.ts';

function id(tool: Tool): void {
  const { who } = tool.box;
  const named = (number: number, name: string) => (name === String(number) ? name : `${number}(${name})`);
  const groups = [...new Set(who.groups.length === 0 ? [who.gid] : who.groups)];
  if (tool.has('u')) tool.out(`${tool.has('n') ? userName(tool.box, who.uid) : who.uid}\n`);
  else if (tool.has('g')) tool.out(`${tool.has('n') ? groupName(tool.box, who.gid) : who.gid}\n`);
  else if (tool.has('G')) tool.out(`${groups.join(' ')}\n`);
  else {
    const list = groups.map((group) => named(group, groupName(tool.box, group))).join(',');
    tool.out(
      `uid=${named(who.uid, userName(tool.box, who.uid))} gid=${named(who.gid, groupName(tool.box, who.gid))}${list === '' ? '' : ` groups=${list}`}\n`,
    );
  }
}

/** The first name of the own address in /etc/hosts. */
function fullNameOf({ box }: Tool): string {
  const node = box.files.find('/etc/hosts');
  const lines = node?.kind === 'file' ? node.data.split('\n').map((line) => line.split(/\s+/)) : [];
  return lines.find(([address]) => address === box.network.address)?.[1] ?? box.hostname;
}

export const IDENTITY: Readonly<Record<string, Program>> = {
  id: instant(id),
  whoami: instant((tool) => {
    const name = userName(tool.box, tool.box.who.uid);
    if (/^\d+$/.test(name)) tool.problem(tool.gnu ? `cannot find name for user ID ${name}` : `unknown uid ${name}`);
    else tool.out(`${name}\n`);
  }),
  groups: instant((tool) => tool.out(`${groupName(tool.box, tool.box.who.gid)}\n`)),
  hostname: instant((tool) => {
    const { hostname, network } = tool.box;
    if (tool.has('i', 'I')) tool.out(`${network.address}${tool.has('I') ? ' ' : ''}\n`);
    else if (tool.has('f', 'd', 's')) {
      const full = fullNameOf(tool);
      tool.out(
        tool.has('f')
          ? `${full}\n`
          : tool.has('s')
            ? `${hostname.split('.')[0]}\n`
            : `${full.split('.').slice(1).join('.')}\n`,
      );
    } else if (tool.operands.length > 0)
      tool.problem(tool.gnu ? 'you must be root to change the host name' : 'sethostname: Operation not permitted');
    else tool.out(`${hostname}\n`);
  }),
  dnsdomainname: instant((tool) => tool.out(`${fullNameOf(tool).split('.').slice(1).join('.')}\n`)),
  uname: instant((tool) => {
    const all = [
      ['s', 'Linux'],
      ['n', tool.box.hostname],
      ['r', '6.8.0-51-generic'],
      ['v', '#52-Ubuntu SMP PREEMPT_DYNAMIC'],
      ['m', 'x86_64'],
      ['o', tool.gnu ? 'GNU/Linux' : 'Linux'],
    ] as const;
    const shown = tool.has('a')
      ? all
      : all.filter(([letter]) => (tool.flags.size === 0 ? letter === 's' : tool.has(letter)));
    tool.out(`${shown.map(([, text]) => text).join(' ')}\n`);
  }),
  arch: instant((tool) => tool.out('x86_64\n')),
  tty: instant((tool) => {
    tool.out(tool.context.io.stdin.isTerminal ? '/dev/pts/0\n' : 'not a tty\n');
    return tool.context.io.stdin.isTerminal ? 0 : 1;
  }),
};
