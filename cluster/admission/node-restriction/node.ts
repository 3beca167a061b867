import { equal } from '../../api/merge.ts';
import type { Node } from '../../api/types.ts';
import type { AdmissionRequest } from '../plugin.ts';

/** Labels of Kubernetes' own that a kubelet may set. */
const KUBELET_LABELS = [
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
];
const KUBELET_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const KUBERNETES_DOMAINS = ['kubernetes.io', 'k8s.io'];
const RESTRICTED_DOMAIN = ['node-restriction.kubernetes.io'];

function isForbidden(label: string): boolean {
  const slash = label.indexOf('/');
  const domain = slash < 0 ? '' : label.slice(0, slash);
  const within = (domains: readonly string[]) => domains.some((one) => domain === one || domain.endsWith(`.${one}`));
  if (within(RESTRICTED_DOMAIN)) return true;
  return within(KUBERNETES_DOMAINS) && !KUBELET_LABELS.includes(label) && !within(KUBELET_DOMAINS);
}

function forbiddenChanges(labels: Record<string, string> = {}, old: Record<string, string> = {}): string {
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(old)])].filter((key) => labels[key] !== old[key]);
  return changed.filter(isForbidden).sort().join(', ');
}

export function nodeProblem(node: string, { operation, name, object, old }: AdmissionRequest): string | undefined {
  if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`;
  const { metadata, spec } = (object ?? {}) as Node;
  if (operation === 'CREATE') {
    if (spec?.configSource) return `node "${node}" is not allowed to create pods with a non-nil configSource`;
    const labels = forbiddenChanges(metadata.labels);
    return labels === '' ? undefined : `node "${node}" is not allowed to set the following labels: ${labels}`;
  }
  if (operation !== 'UPDATE') return undefined;
  const before = old as Node;
  if (spec?.configSource && !equal(spec.configSource, before.spec?.configSource)) {
    return `node "${node}" is not allowed to update configSource to a new non-nil configSource`;
  }
  if (!equal(spec?.taints ?? [], before.spec?.taints ?? [])) return `node "${node}" is not allowed to modify taints`;
  if (!equal(metadata.ownerReferences ?? [], before.metadata.ownerReferences ?? [])) {
    return `node "${node}" is not allowed to modify ownerReferences`;
  }
  const labels = forbiddenChanges(metadata.labels, before.metadata.labels);
  return labels === '' ? undefined : `is not allowed to modify labels: ${labels}`;
}
