/** Whether a node has an agent that connects new pods to the network. */
import type { Pod } from '../api/types.ts';
import { podsOn, type Reader } from '../store/client.ts';

const AGENT = /(^|\/)(calico\/node|flannel|cilium\/cilium|weave-kube|antrea-agent\S*|kube-router)(:|@|$)/;
const FAILING: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
]);
/** Milliseconds in which a new cluster's agents come up. */
const SETTING_UP_MS = 2 * 60 * 1000;

function works({ spec, status }: Pod): boolean {
  const container = (spec?.containers ?? []).find(({ image = '' }) => AGENT.test(image));
  if (!container) return false;
  const found = (status?.containerStatuses ?? []).find(({ name }) => name === container.name);
  return !FAILING.has(found?.state?.waiting?.reason ?? '');
}

/** Why no sandbox can be made there, in containerd's words; undefined: it can. Clusters that kubeadm has not set up need no agent. */
export function sandboxProblem(
  store: Reader,
  nodeName: string,
  { sandbox, now }: { sandbox: string; now: number },
): string | undefined {
  const setUp = store.get('configmaps', 'kube-system', 'kubeadm-config');
  const since = Date.parse(setUp?.metadata.creationTimestamp ?? '');
  if (!setUp || now - since < SETTING_UP_MS) return undefined;
  // agents are mostly in a namespace of the system's, which comes late in the alphabet
  if (podsOn(store, nodeName).findLast(works)) return undefined;
  return `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${sandbox}": plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/`;
}
