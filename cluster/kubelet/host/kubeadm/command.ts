/** What kubeadm's commands share: their arguments, how they reach the cluster, how they fail. */
import type { ConfigMap } from '../../../api/types.ts';
import type { Client } from '../../../store/client.ts';
import type { Context, Machine } from '../../shell/box.ts';

export interface Command {
  context: Context;
  machine: Machine;
  /** What follows the command's own words. */
  args: readonly string[];
  flags: ReadonlyMap<string, string>;
}

export const ADMIN = '/etc/kubernetes/admin.conf';

export const out = ({ context }: Command, text: string): void => context.io.stdout.write(text);

export function fail({ context }: Pick<Command, 'context'>, text: string): number {
  context.io.stderr.write(`${text}\nTo see the stack trace of this error execute with --v=5 or higher\n`);
  return 1;
}

/** `error: ` before it: what is found wrong before anything is done. */
export const refuse = (command: Pick<Command, 'context'>, text: string): number => fail(command, `error: ${text}`);

/** Who may change the cluster: needs the administrator's kubeconfig, and an API server that answers. Or why not. */
export function cluster({ context, machine, flags }: Command): Client | string {
  const path = flags.get('kubeconfig') ?? ADMIN;
  if (!context.box.files.find(path)) return `failed to load admin kubeconfig: open ${path}: no such file or directory`;
  if (machine.apiServes()) return machine.client();
  const [, server = 'https://172.30.1.2:6443'] = /server: (\S+)/.exec(context.box.files.read(path)) ?? [];
  const host = server.replace(/^https?:\/\//, '');
  return `failed to get config map: Get "${server}/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s": dial tcp ${host}: connect: connection refused`;
}

/** `[upgrade] Reading configuration from the "kubeadm-config" ConfigMap ...` */
export const reading = (command: Command, prefix: string): void =>
  out(
    command,
    `[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.\n`,
  );

/** Of the cluster, as its configuration says: `v1.35.4`. */
export function clusterVersion(client: Client): string {
  const map = client.get<ConfigMap>('configmaps', 'kube-system', 'kubeadm-config');
  return /^kubernetesVersion: (\S+)$/m.exec(map?.data?.['ClusterConfiguration'] ?? '')?.[1] ?? 'v1.35.4';
}
