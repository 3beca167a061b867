import type { Node } from '../../../api/types.ts';
import type { Cell } from '../../kind.ts';
import { age } from '../../pod-spec/columns.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';
const OLD_ROLE = 'kubernetes.io/role';

/** Sorted, each once. */
export function nodeRoles(node: Node): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === OLD_ROLE && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

function statusText(node: Node): string {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const state = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node.spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

const address = (node: Node, type: string): string =>
  node.status?.addresses?.find((one) => one.type === type)?.address ?? '<none>';

export function nodeCells(node: Node): Cell[] {
  const info = node.status?.nodeInfo;
  return [
    node.metadata.name,
    statusText(node),
    nodeRoles(node).join(',') || '<none>',
    age(node),
    info?.kubeletVersion ?? '',
    address(node, 'InternalIP'),
    address(node, 'ExternalIP'),
    info?.osImage || '<unknown>',
    info?.kernelVersion || '<unknown>',
    info?.containerRuntimeVersion || '<unknown>',
  ];
}
