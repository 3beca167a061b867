/** Programs about the machine: its disks, memory, terminal. */
import type { Program } from '../shell/box.ts';
import { instant } from './tool.ts';

export const MACHINE: Readonly<Record<string, Program>> = {
  nproc: instant((tool) => tool.out('2\n')),
  stty: instant((tool) => {
    if (!tool.context.io.stdin.isTerminal) {
      tool.problem('standard input: Inappropriate ioctl for device');
      return;
    }
    const { rows, columns } = tool.box.terminal;
    if (tool.args[0] === 'size') tool.out(`${rows} ${columns}\n`);
    else if (tool.args.length === 0 || tool.args[0] === '-a')
      tool.out(`speed 38400 baud; rows ${rows}; columns ${columns};\n`);
  }),
  df: instant((tool) => {
    tool.out(
      tool.has('h')
        ? 'Filesystem                Size      Used Available Use% Mounted on\n'
        : 'Filesystem           1K-blocks      Used Available Use% Mounted on\n',
    );
    for (const { path, type } of tool.box.files.mounts.toReversed()) {
      const source = path === '' ? 'overlay' : type === 'tmpfs' ? 'tmpfs' : '/dev/sda1';
      tool.out(
        tool.has('h')
          ? `${source.padEnd(24)}     19.2G      5.1G     13.1G  28% ${path || '/'}\n`
          : `${source.padEnd(20)}  20134592   5347924  13738260  28% ${path || '/'}\n`,
      );
    }
  }),
  mount: instant((tool) => {
    if (tool.operands.length > 0) {
      tool.problem(
        tool.gnu
          ? `${tool.operands[1] ?? ''}: permission denied.`
          : `mounting ${tool.operands[0]} on ${tool.operands[1]} failed: Permission denied`,
        tool.gnu ? 32 : 1,
      );
      return;
    }
    for (const { path, type, readOnly } of tool.box.files.mounts.toReversed()) {
      tool.out(
        `${path === '' ? 'overlay' : type === 'tmpfs' ? 'tmpfs' : '/dev/sda1'} on ${path || '/'} type ${type} (${readOnly ? 'ro' : 'rw'},relatime)\n`,
      );
    }
  }),
  umount: instant((tool) => tool.problem(`can't unmount ${tool.operands[0]}: Operation not permitted`)),
  free: instant((tool) => {
    const scale = tool.has('m') ? 1024 : 1;
    const row = (...values: number[]) => values.map((value) => String(Math.round(value / scale)).padStart(12)).join('');
    tool.out(
      `              total        used        free      shared  buff/cache   available\nMem:   ${row(4026032, 1184512, 1523400, 4096, 1318120, 2560000)}\nSwap:  ${row(0, 0, 0)}\n`,
    );
  }),
  clear: instant((tool) => tool.out('\x1b[H\x1b[J')),
  reset: instant(() => 0),
};
