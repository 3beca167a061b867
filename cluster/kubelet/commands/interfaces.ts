/** Programs about the container's own network: addresses, routes, and what listens. */
import type { Program } from '../shell/box.ts';
import { processRows } from '../shell/process-rows.ts';
import { instant, type Tool } from './tool.ts';

const gatewayOf = (address: string): string => address.replace(/\.\d+$/, '.1');
/** A hardware address that stays the same for the same address. */
const hardware = (address: string): string =>
  ['5e', 'aa', ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');

/** Ports that something in the container listens on: those that its own network answers. */
function listening(tool: Tool): number[] {
  const ports = new Set<number>();
  for (const port of tool.box.listening?.() ?? []) ports.add(port);
  return [...ports].sort((a, b) => a - b);
}

function ip(tool: Tool): number | void {
  const { address } = tool.box.network;
  const words = tool.operands;
  const [object = '', action = 'show'] = words;
  const brief = tool.args.some((word) => word === '-br' || word === '-brief');
  if (/^a(d(d(r(e(ss?)?)?)?)?)?$/.test(object)) {
    if (!/^(s(how?)?|list|ls)$/.test(action) && action !== 'dev') return refuse(tool);
    if (brief) {
      tool.out(
        `lo               UNKNOWN        127.0.0.1/8 ::1/128 \neth0@if12        UP             ${address}/24 \n`,
      );
      return;
    }
    tool.out(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue ${tool.gnu ? 'state UNKNOWN group default ' : ''}qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n    inet6 ::1/128 scope host \n       valid_lft forever preferred_lft forever\n`,
    );
    tool.out(
      `2: eth0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP${tool.gnu ? '' : ',M-DOWN'}> mtu 1480 qdisc noqueue ${tool.gnu ? 'state UP group default ' : ''}qlen 1000\n    link/ether ${hardware(address)} brd ff:ff:ff:ff:ff:ff\n    inet ${address}/24 scope global eth0\n       valid_lft forever preferred_lft forever\n`,
    );
  } else if (/^l(i(nk?)?)?$/.test(object)) {
    if (!/^(s(how?)?|list|ls)$/.test(action)) return refuse(tool);
    tool.out(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eth0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1480 qdisc noqueue qlen 1000\n    link/ether ${hardware(address)} brd ff:ff:ff:ff:ff:ff\n`,
    );
  } else if (/^r(o(u(te?)?)?)?$/.test(object)) {
    if (!/^(s(how?)?|list|ls|get)$/.test(action)) return refuse(tool);
    tool.out(`default via 169.254.1.1 dev eth0 \n169.254.1.1 dev eth0 scope link \n`);
  } else if (/^n(eigh?)?/.test(object))
    tool.out(`169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee ref 1 used 0/0/0 probes 1 REACHABLE\n`);
  else {
    tool.context.io.stderr.write(
      tool.gnu
        ? `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n`
        : `BusyBox multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|neigh|rule [ARGS]\n`,
    );
    return tool.gnu ? 255 : 1;
  }
}
function refuse(tool: Tool): number {
  tool.context.io.stderr.write(
    tool.gnu ? 'RTNETLINK answers: Operation not permitted\n' : 'ip: RTNETLINK answers: Operation not permitted\n',
  );
  return 2;
}

function ifconfig(tool: Tool): number | void {
  const { address } = tool.box.network;
  const [name, ...rest] = tool.operands;
  if (rest.length > 0) {
    tool.problem('SIOCSIFADDR: Operation not permitted');
    return;
  }
  const known: Record<string, string> = {
    eth0: `eth0      Link encap:Ethernet  HWaddr ${hardware(address).toUpperCase()}  \n          inet addr:${address}  Bcast:${address.replace(/\.\d+$/, '.255')}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1480  Metric:1\n          RX packets:24 errors:0 dropped:0 overruns:0 frame:0\n          TX packets:18 errors:0 dropped:0 overruns:0 carrier:0\n          collisions:0 txqueuelen:1000 \n          RX bytes:2180 (2.1 KiB)  TX bytes:1402 (1.3 KiB)\n\n`,
    lo: `lo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          inet6 addr: ::1/128 Scope:Host\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n          RX packets:0 errors:0 dropped:0 overruns:0 frame:0\n          TX packets:0 errors:0 dropped:0 overruns:0 carrier:0\n          collisions:0 txqueuelen:1000 \n          RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)\n\n`,
  };
  if (name !== undefined && known[name] === undefined) {
    tool.problem(`${name}: error fetching interface information: Device not found`);
    return;
  }
  tool.out(name === undefined ? Object.values(known).join('') : (known[name] ?? ''));
}

/** `7/nginx`, of whoever is first: which process has a port is not kept. */
function owner(tool: Tool): string {
  const [first] = processRows(tool.box);
  return first === undefined ? '-' : `${first.pid}/${first.command.split(' ')[0]?.split('/').at(-1) ?? ''}`;
}
function netstat(tool: Tool): void {
  if (tool.has('r')) {
    route(tool);
    return;
  }
  const listens = tool.has('l', 'a');
  tool.out(
    `Active Internet connections (${tool.has('a') ? 'servers and established' : listens ? 'only servers' : 'w/o servers'})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       ${tool.has('p') ? 'PID/Program name    ' : ''}\n`,
  );
  if (!listens || (tool.has('u') && !tool.has('t'))) return;
  for (const port of listening(tool))
    tool.out(
      `tcp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} 0.0.0.0:*               LISTEN      ${tool.has('p') ? owner(tool).padEnd(20) : ''}\n`,
    );
}
function ss(tool: Tool): void {
  const head = tool.has('H')
    ? ''
    : `${tool.has('t') && !tool.has('u') ? '' : 'Netid '}State  Recv-Q Send-Q Local Address:Port Peer Address:Port ${tool.has('p') ? 'Process' : ''}\n`;
  tool.out(head);
  if (!tool.has('l', 'a')) return;
  const [pid, name] = owner(tool).split('/');
  for (const port of listening(tool))
    tool.out(
      `${tool.has('t') && !tool.has('u') ? '' : 'tcp   '}LISTEN 0      511          0.0.0.0:${String(port).padEnd(5)}      0.0.0.0:*    ${tool.has('p') ? `users:(("${name}",pid=${pid},fd=6))` : ''}\n`,
    );
}
function route(tool: Tool): void {
  tool.out(
    'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n' +
      `${tool.has('n') ? '0.0.0.0        ' : 'default        '} 169.254.1.1     0.0.0.0         UG    0      0        0 eth0\n169.254.1.1     ${tool.has('n') ? '0.0.0.0' : '*      '}         255.255.255.255 UH    0      0        0 eth0\n`,
  );
}

export const INTERFACES: Readonly<Record<string, Program>> = {
  ip: instant(ip),
  ifconfig: instant(ifconfig),
  netstat: instant(netstat),
  ss: instant(ss),
  route: instant(route),
  arp: instant((tool) =>
    tool.out(`? (${gatewayOf(tool.box.network.address)}) at ee:ee:ee:ee:ee:ee [ether]  on eth0\n`),
  ),
};
