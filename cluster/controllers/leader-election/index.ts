/**
 * Who of several controller managers, or schedulers, does the work: the holder of a Lease, which renews it while it runs. When its
 * pod is gone another, or its successor, takes the Lease over once that has run out.
 */
import { createHash } from 'node:crypto';
import { microTimeText } from '../../api/time.ts';
import type { Lease, Pod } from '../../api/types.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';

const NAMESPACE = 'kube-system';
const LEASES = 'leases.coordination.k8s.io';
const LEASE_SECONDS = 15;
/** The real ones renew every 2 s. This is within the Lease's time as well, and costs a cluster that does nothing a fifth. */
const RENEW_MS = 10_000;

export const leaderElection = (component: 'kube-controller-manager' | 'kube-scheduler'): Controller => ({
  name: `${component}-leader-election`,
  user: `system:${component}`,
  watches: { pods: ({ object }) => (isCandidate(object, component) ? [component] : []) },
  reconcile: (_key, context) => holdLease(component, context),
});

const isCandidate = ({ metadata }: Pod, component: string): boolean =>
  metadata.namespace === NAMESPACE && metadata.labels?.['component'] === component;

/** One for each process: as the real ones, the host's name and an id, here made from the container's. */
function identitiesOf(component: string, { client }: ControllerContext): string[] {
  return client
    .list<Pod>('pods', NAMESPACE)
    .filter((pod) => isCandidate(pod, component))
    .flatMap(({ spec, status }) => {
      const [container] = status?.containerStatuses ?? [];
      if (container?.state?.running === undefined) return [];
      const hex = createHash('sha256')
        .update(`${container.containerID} ${container.state.running.startedAt}`)
        .digest('hex');
      const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
      return [`${spec?.nodeName ?? ''}_${id}`];
    });
}

function holdLease(component: string, context: ControllerContext): Again {
  const { client, clock, events } = context;
  const identities = identitiesOf(component, context);
  const [first] = identities;
  // nobody runs: the pod that will wakes this again
  if (first === undefined) return;
  const now = clock.now();
  const lease = client.get<Lease>(LEASES, NAMESPACE, component);
  const { holderIdentity = '', renewTime, leaseTransitions = 0 } = lease?.spec ?? {};
  const renewed = renewTime === undefined ? 0 : Date.parse(renewTime);
  if (lease !== undefined && identities.includes(holderIdentity)) {
    const wait = renewed + RENEW_MS - now;
    if (wait > 0) return { afterMs: wait };
    client.update<Lease>(LEASES, { ...lease, spec: { ...lease.spec, renewTime: microTimeText(now) } });
    return { afterMs: RENEW_MS };
  }
  const left = renewed + LEASE_SECONDS * 1000 - now;
  if (lease !== undefined && holderIdentity !== '' && left > 0) return { afterMs: left };
  const spec = {
    holderIdentity: first,
    leaseDurationSeconds: LEASE_SECONDS,
    acquireTime: microTimeText(now),
    renewTime: microTimeText(now),
    leaseTransitions: lease === undefined ? 0 : leaseTransitions + 1,
  };
  const held =
    lease === undefined
      ? client.create<Lease>(LEASES, {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: component, namespace: NAMESPACE },
          spec,
        })
      : client.update<Lease>(LEASES, { ...lease, spec });
  const message = `${first} became leader`;
  const source = component === 'kube-scheduler' ? 'default-scheduler' : component;
  events.event(source, { regarding: held, type: 'Normal', reason: 'LeaderElection', message });
  return { afterMs: RENEW_MS };
}
