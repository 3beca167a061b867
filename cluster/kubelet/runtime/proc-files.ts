/** What /proc shows inside a container. */
import type { Container } from '../../api/types.ts';
import { file, folder, link, toBytes, treeOf, type FolderNode, type Node as FileNode } from '../files/file-tree.ts';
import type { Identity } from '../files/file-view.ts';

const CAPABILITIES: Record<string, number> = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  NET_BIND_SERVICE: 10,
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_CHROOT: 18,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_TIME: 25,
  MKNOD: 27,
  AUDIT_WRITE: 29,
  SETFCAP: 31,
};
const DEFAULT_CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SYS_CHROOT',
  'MKNOD',
  'AUDIT_WRITE',
  'SETFCAP',
];

/** What is the same for all. */
const MACHINE = treeOf({
  self: link('1'),
  cpuinfo: file('processor\t: 0\nmodel name\t: Intel(R) Xeon(R)\nprocessor\t: 1\nmodel name\t: Intel(R) Xeon(R)\n'),
  meminfo: file('MemTotal:        4026032 kB\nMemFree:         1523400 kB\nMemAvailable:    2560000 kB\n'),
  version: file('Linux version 6.8.0-51-generic (buildd@lcy02-amd64) #52-Ubuntu SMP PREEMPT_DYNAMIC\n'),
  uptime: file('93780.12 180012.55\n'),
  loadavg: file('0.08 0.05 0.01 1/120 8\n'),
  'sys/kernel/hostname': file('\n'),
});

/** What /proc shows of the container's own process. `sh -c 'a; b'` becomes its last command, as the real shells do. */
export function procFiles(
  argv: readonly string[],
  who: Identity,
  container: Container,
  dropped: ReadonlySet<string>,
): FolderNode {
  const { capabilities, privileged, allowPrivilegeEscalation } = container.securityContext ?? {};
  const added = (capabilities?.add ?? []).map((one) => one.toUpperCase());
  const kept = new Set([
    ...(dropped.has('ALL') ? [] : DEFAULT_CAPABILITIES.filter((one) => !dropped.has(one))),
    ...(added.includes('ALL') ? Object.keys(CAPABILITIES) : added),
  ]);
  const bits =
    privileged === true
      ? 0x1ffffffffffn
      : [...kept].reduce((sum, name) => sum | (1n << BigInt(CAPABILITIES[name] ?? 63)), 0n);
  const effective = who.uid === 0 ? bits : 0n;
  const hex = (value: bigint) => value.toString(16).padStart(16, '0');
  const row = (id: number) => `${id}\t${id}\t${id}\t${id}`;
  const script = /(^|\/)(ba|a|da)?sh$/.test(argv[0] ?? '') && argv[1] === '-c' ? argv[2] : undefined;
  const last = script
    ?.split(/;|&&|\n/)
    .at(-1)
    ?.trim();
  const shown =
    last !== undefined && /^(sleep|tail|exec|cat|top|nc|httpd) ?[\w ./-]*$/.test(last)
      ? last.replace(/^exec /, '').split(/ +/)
      : argv;
  const groups = who.groups.filter((group) => who.uid !== 0 || group !== who.gid || who.groups.length > 1);
  const status = `Name:\t${shown[0]?.split('/').at(-1)}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t1\nPid:\t1\nPPid:\t0\nUid:\t${row(who.uid)}\nGid:\t${row(who.gid)}\nGroups:\t${groups.join(' ')}${groups.length > 0 ? ' ' : ''}\nCapInh:\t0000000000000000\nCapPrm:\t${hex(effective)}\nCapEff:\t${hex(effective)}\nCapBnd:\t${hex(bits)}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t${allowPrivilegeEscalation === false ? 1 : 0}\nSeccomp:\t${privileged === true ? 0 : 0}\n`;
  const own: FileNode = folder([
    ['cmdline', file(toBytes(`${shown.join('\0')}\0`), { mode: 0o444 })],
    ['status', file(status, { mode: 0o444 })],
    ['comm', file(`${shown[0]?.split('/').at(-1)}\n`, { mode: 0o444 })],
    ['mounts', file('')],
  ]);
  return folder([['1', own], ...MACHINE.entries]);
}
