/** A machine's own network as its tools show it: what listens, addresses and routes. */
import type { Node } from '../../api/types.ts';
import type { Machine, Program } from '../shell/box.ts';
import { instant, type Tool } from '../commands/tool.ts';
import { INTERFACES } from '../commands/interfaces.ts';
import { addressOf, rowsOf } from './node-processes.ts';

interface Socket {
  address: string;
  port: number;
  name: string;
  pid: number;
}

const socketsOf = (tool: Tool, machine: Machine): Socket[] =>
  rowsOf(tool.box, machine)
    .flatMap(({ pid, command, listens }) => {
      const name = command.split(/[ :]/)[0]?.split('/').at(-1) ?? '';
      return listens.map(([address, port]) => ({ address, port, name, pid }));
    })
    .toSorted((a, b) => Number(a.address.startsWith('*')) - Number(b.address.startsWith('*')) || a.port - b.port);

function ss(tool: Tool, machine: Machine): void {
  const withNet = !tool.has('t') || tool.has('u');
  const net = (text: string) => (withNet ? text.padEnd(6) : '');
  const rows = tool.has('l', 'a') && (tool.has('t') || !tool.has('u', 'x')) ? socketsOf(tool, machine) : [];
  const local = rows.map(({ address, port }) => `${address}:${port}`);
  const width = Math.max(18, ...local.map(({ length }) => length));
  if (!tool.has('H')) {
    tool.out(
      `${net('Netid')}State  Recv-Q Send-Q ${'Local Address:Port'.padStart(width)} Peer Address:Port${tool.has('p') ? 'Process' : ''}\n`,
    );
  }
  rows.forEach(({ name, pid }, index) => {
    const process = tool.has('p') ? `users:(("${name}",pid=${pid},fd=3))` : '';
    tool.out(
      `${net('tcp')}LISTEN 0      4096   ${(local[index] ?? '').padStart(width)}      0.0.0.0:*    ${process}\n`,
    );
  });
}

function netstat(tool: Tool, machine: Machine): void {
  const rows = tool.has('l', 'a') ? socketsOf(tool, machine) : [];
  tool.out(
    `Active Internet connections (${tool.has('a') ? 'servers and established' : 'only servers'})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${tool.has('p') ? ' PID/Program name    ' : ''}\n`,
  );
  for (const { address, port, name, pid } of rows) {
    const six = address === '*';
    const local = `${six ? '::' : address}:${port}`;
    tool.out(
      `${six ? 'tcp6' : 'tcp '}       0      0 ${local.padEnd(23)} ${(six ? ':::*' : '0.0.0.0:*').padEnd(23)} LISTEN      ${tool.has('p') ? `${pid}/${name}`.padEnd(20) : ''}\n`,
    );
  }
}

/** Of the others' pods, by Calico; of its own there are single ones. */
function routes(tool: Tool, machine: Machine): string[] {
  const own = addressOf(tool.box, machine);
  const gateway = own.replace(/\.\d+$/, '.1');
  const others = tool.box.network.objects.list<Node>('nodes').filter(({ metadata }) => metadata.name !== machine.node);
  return [
    `default via ${gateway} dev eth0 proto dhcp src ${own} metric 100 `,
    ...others.flatMap(({ spec, status }) => {
      const via = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
      return spec?.podCIDR === undefined ? [] : [`${spec.podCIDR} via ${via} dev tunl0 proto bird onlink `];
    }),
    `${own.replace(/\.\d+$/, '.0')}/24 dev eth0 proto kernel scope link src ${own} metric 100 `,
  ];
}

function ip(tool: Tool, machine: Machine): number | void {
  const own = addressOf(tool.box, machine);
  const [object = '', action = 'show'] = tool.operands;
  if (!/^(s(how?)?|list|ls|dev|get)$/.test(action)) {
    tool.context.io.stderr.write('RTNETLINK answers: Operation not permitted\n');
    return 2;
  }
  if (/^r(o(u(te?)?)?)?$/.test(object)) tool.out(`${routes(tool, machine).join('\n')}\n`);
  else if (/^a(d(d(r(e(ss?)?)?)?)?)?$/.test(object) && tool.args.some((word) => word === '-br' || word === '-brief')) {
    tool.out(
      `lo               UNKNOWN        127.0.0.1/8 ::1/128 \neth0             UP             ${own}/24 metric 100 \n`,
    );
  } else if (/^a(d(d(r(e(ss?)?)?)?)?)?$/.test(object) || /^l(i(nk?)?)?$/.test(object)) {
    const withAddresses = object.startsWith('a');
    const mac = ['52', '54', ...own.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');
    const inet = (text: string) =>
      withAddresses ? `    inet ${text}\n       valid_lft forever preferred_lft forever\n` : '';
    tool.out(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n${inet('127.0.0.1/8 scope host lo')}`,
    );
    tool.out(
      `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether ${mac} brd ff:ff:ff:ff:ff:ff\n${inet(`${own}/24 metric 100 brd ${own.replace(/\.\d+$/, '.255')} scope global dynamic eth0`)}`,
    );
  } else {
    tool.context.io.stderr.write('Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n');
    return 255;
  }
}

/** On a machine; elsewhere as in any container. */
const here = (name: string, run: (tool: Tool, machine: Machine) => number | void): Program => {
  const onNode = instant((tool) => (tool.box.machine ? run(tool, tool.box.machine) : undefined));
  return (context) => (context.box.machine ? onNode(context) : (INTERFACES[name] ?? onNode)(context));
};

export const NODE_INTERFACES: Readonly<Record<string, Program>> = {
  ip: here('ip', ip),
  netstat: here('netstat', netstat),
  ss: here('ss', ss),
};
