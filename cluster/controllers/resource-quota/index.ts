/** ResourceQuotas: counts again what a namespace uses when something goes; what comes is charged by admission. */
import { quotaUsage } from '../../api/quota.ts';
import { isTerminal } from '../../api/pods.ts';
import { equal } from '../../api/merge.ts';
import type { Pod, ResourceQuota } from '../../api/types.ts';
import { resourceName, resources } from '../../schema/resources.ts';
import { customByName } from '../../custom-resources/index.ts';
import type { ResourceName } from '../../store/client.ts';
import type { Again, Change, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';

const RESOURCE = 'resourcequotas';
/** Events are counted by nobody and go all the time. */
const UNCOUNTED = new Set<ResourceName>(['events', 'events.events.k8s.io', RESOURCE]);
/** How often all is counted anew: a create that was charged and then refused is forgotten by that. kube-controller-manager's default. */
const RESYNC_MS = 5 * 60_000;

/** Changes of these, not only their end, change what they cost. */
const CHANGEABLE = new Set<ResourceName>(['services', 'persistentvolumeclaims']);

const quotasIn = (object: Change['object'], { client }: ControllerContext): string[] =>
  client.list<ResourceQuota>(RESOURCE, object.metadata.namespace).map(namespacedKey);

const hardOf = (quota: ResourceQuota) => quota.spec?.hard;

const costsLess = (resource: ResourceName, { type, object, old }: Change): boolean => {
  if (type === 'DELETED') return true;
  if (type === 'ADDED' || old === undefined) return false;
  if (resource !== 'pods') return CHANGEABLE.has(resource);
  const [pod, before]: [Pod, Pod] = [object, old];
  if (isTerminal(pod) !== isTerminal(before)) return true;
  return pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp || !equal(pod.spec, before.spec);
};

/** A quota of nothing says so by saying nothing: Go leaves out a map that is empty. */
const filled = (field: 'hard' | 'used', amounts: Readonly<Record<string, string>>) =>
  Object.keys(amounts).length === 0 ? {} : { [field]: amounts };

const COUNTED = [
  ...new Set(resources.filter((info) => info.namespaced && info.verbs.includes('list')).map(resourceName)),
];

const KNOWN: ReadonlySet<ResourceName> = new Set(COUNTED);

export const resourceQuota: Controller = {
  name: 'resourcequota-controller',
  watches: {
    ...Object.fromEntries(
      COUNTED.filter((resource) => !UNCOUNTED.has(resource)).map((resource) => [
        resource,
        (change: Change, context: ControllerContext) =>
          costsLess(resource, change) ? quotasIn(change.object, context) : [],
      ]),
    ),
    // what somebody else writes into the status stands until something is counted again
    [RESOURCE]: ({ type, object, old }) =>
      type === 'DELETED' || (old && equal(hardOf(old), hardOf(object))) ? [] : [namespacedKey(object)],
  },
  watchesCustom: (resource, change, context) => (costsLess(resource, change) ? quotasIn(change.object, context) : []),
  reconcile(key, { client, clock }): Again {
    const { namespace, name } = splitKey(key);
    const quota = client.get<ResourceQuota>(RESOURCE, namespace, name);
    if (quota === undefined) return;
    const hard = quota.spec?.hard ?? {};
    const now = clock.now();
    const counted = quotaUsage(
      quota,
      (resource) =>
        KNOWN.has(resource) || customByName(client, resource)?.info.namespaced
          ? client.list(resource, namespace)
          : undefined,
      now,
    );
    const known = { ...quota.status?.used, ...counted };
    const used = Object.fromEntries(Object.entries(known).filter(([resource]) => resource in hard));
    client.updateStatus<ResourceQuota>(RESOURCE, {
      ...quota,
      status: { ...filled('hard', hard), ...filled('used', used) },
    });
    // a pod that outlives its own grace period is no longer charged, and nothing else tells of that moment
    const ends = client
      .list<Pod>('pods', namespace)
      .map(
        ({ metadata }) =>
          Date.parse(metadata.deletionTimestamp ?? '') + (metadata.deletionGracePeriodSeconds ?? 0) * 1000,
      )
      .filter((end) => end >= now);
    return { afterMs: Math.min(RESYNC_MS, ...ends.map((end) => end - now + 1)) };
  },
};
