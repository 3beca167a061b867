/** What a root shell on a node has beside the programs of every Linux. A program = a line in one of these tables. */
import { etcdctl } from '../control-plane/etcdctl.ts';
import { etcdutl } from '../control-plane/etcdutl.ts';
import type { Box, Program } from '../shell/box.ts';
import { APT } from './apt.ts';
import { CRICTL } from './crictl/index.ts';
import { JOURNALCTL } from './journalctl.ts';
import { KUBEADM } from './kubeadm/index.ts';
import { MACHINE_TOOLS } from './machine-tools.ts';
import { NODE_INTERFACES } from './node-interfaces.ts';
import { OPENSSL } from './openssl.ts';
import { rowsOf } from './node-processes.ts';
import { SYSTEMCTL } from './systemctl.ts';

export const NODE_PROGRAMS: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    ...APT,
    ...CRICTL,
    ...JOURNALCTL,
    ...KUBEADM,
    ...MACHINE_TOOLS,
    ...NODE_INTERFACES,
    ...OPENSSL,
    ...SYSTEMCTL,
    etcdctl,
    etcdutl,
  }),
);

/** The same box on the machine itself: with its programs and its processes, where there is a machine. */
export function onMachine(box: Box): Box {
  const programs = new Map([...box.programs, ...NODE_PROGRAMS]);
  const { machine } = box;
  if (machine === undefined) return { ...box, programs };
  return {
    ...box,
    machine,
    programs,
    hostname: machine.node,
    processes: () => rowsOf(box, machine).map(({ pid, user, command }) => ({ pid, user, command })),
    kill: (pid, signal) => {
      const row = rowsOf(box, machine).find((one) => one.pid === pid);
      row?.end?.(signal);
      return row !== undefined;
    },
  };
}
