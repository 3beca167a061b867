/** kubeadm upgrade plan: what there is to go to. */
import type { Node } from '../../../api/types.ts';
import { controlPlaneNodes } from '../../../node-files.ts';
import type { Client } from '../../../store/client.ts';
import { tabTable } from '../tab-table.ts';
import { clusterVersion, out, reading, type Command } from './command.ts';
import { COMPONENTS, minorOf, numbers } from './versions.ts';

const ETCD = '3.6.6-0';
const COREDNS = 'v1.13.1';
/** Of each minor version, the newest that there is. */
const NEWEST: Readonly<Record<string, string>> = { '1.34': 'v1.34.7', '1.35': 'v1.35.5', '1.36': 'v1.36.1' };

function checks(command: Command): void {
  out(command, '[preflight] Running pre-flight checks.\n');
  reading(command, 'upgrade/config');
  out(command, '[upgrade] Running cluster health checks\n');
}

/** Nodes by version of their kubelets. */
function kubelets(client: Client): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const { metadata, status } of client.list<Node>('nodes')) {
    const version = status?.nodeInfo?.kubeletVersion ?? '';
    found.set(version, [...(found.get(version) ?? []), metadata.name]);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function plan(command: Command, client: Client): number {
  const now = clusterVersion(client);
  const own = `v${command.machine.state().packages.kubeadm}`;
  checks(command);
  out(
    command,
    `[upgrade] Fetching available versions to upgrade to\n[upgrade/versions] Cluster version: ${now.slice(1)}\n[upgrade/versions] kubeadm version: ${own}\n`,
  );
  const next = NEWEST[`1.${minorOf(own)}`] ?? own;
  out(
    command,
    `[upgrade/versions] Target version: ${next}\n[upgrade/versions] Latest version in the v1.${minorOf(now)} series: ${NEWEST[`1.${minorOf(now)}`] ?? now}\n`,
  );
  const targets = [...new Set([NEWEST[`1.${minorOf(now)}`] ?? now, next])].filter(
    (version) => numbers(version) > numbers(now),
  );
  if (targets.length === 0) return 0;
  const names = controlPlaneNodes(client);
  for (const target of targets) {
    const series = minorOf(target) === minorOf(now) ? `version in the v1.${minorOf(now)} series` : 'stable version';
    out(
      command,
      `\nComponents that must be upgraded manually after you have upgraded the control plane with 'kubeadm upgrade apply':\n`,
    );
    const rows = kubelets(client).flatMap(([version, nodes]) =>
      nodes.map((node) => ['kubelet', node, version, target]),
    );
    out(command, tabTable([['COMPONENT', 'NODE', 'CURRENT', 'TARGET'], ...rows], 10, 3));
    out(command, `\nUpgrade to the latest ${series}:\n\n`);
    const parts = COMPONENTS.flatMap((component) => names.map((node) => [component, node, now, target]));
    const rest = [
      ['kube-proxy', '', now, target],
      ['CoreDNS', '', COREDNS, COREDNS],
      ...names.map((node) => ['etcd', node, ETCD, ETCD]),
    ];
    out(command, tabTable([['COMPONENT', 'NODE', 'CURRENT', 'TARGET'], ...parts, ...rest], 10, 3));
    out(
      command,
      `\nYou can now apply the upgrade by executing the following command:\n\n\tkubeadm upgrade apply ${target}\n\n`,
    );
    if (numbers(target) > numbers(own)) {
      out(command, `Note: Before you can perform this upgrade, you have to update kubeadm to ${target}.\n\n`);
    }
    out(command, '_____________________________________________________________________\n\n');
  }
  out(
    command,
    '\nThe table below shows the current state of component configs as understood by this version of kubeadm.\nConfigs that have a "yes" mark in the "MANUAL UPGRADE REQUIRED" column require manual config upgrade or\nresetting to kubeadm defaults before a successful upgrade can be performed. The version to manually\nupgrade to is denoted in the "PREFERRED VERSION" column.\n\n',
  );
  const configs = [
    ['API GROUP', 'CURRENT VERSION', 'PREFERRED VERSION', 'MANUAL UPGRADE REQUIRED'],
    ['kubeproxy.config.k8s.io', 'v1alpha1', 'v1alpha1', 'no'],
    ['kubelet.config.k8s.io', 'v1beta1', 'v1beta1', 'no'],
  ];
  out(command, `${tabTable(configs, 10, 3)}_____________________________________________________________________\n\n`);
  return 0;
}
