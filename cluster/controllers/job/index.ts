/** Jobs: runs pods until enough of them have succeeded, or too many have failed. */
import { controllerOf } from '../../api/pods.ts';
import { labelSelectorMatches } from '../../api/selector.ts';
import type { Job, KubeObject, Pod } from '../../api/types.ts';
import { claim, ownerKeys } from '../claim.ts';
import { conditionOf, timestamp } from '../conditions.ts';
import type { Again, Change, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { forgetBackoff } from './backoff.ts';
import { completion, endingOf, untilDeadline } from './ending.ts';
import { manage, removeActive, type Managed } from './manage.ts';
import { COMPONENT, RESOURCE, condition, isFinished, look, type Pass } from './pass.ts';
import { TRACKING, isTracked } from './pods.ts';
import { release } from './release.ts';
import { track } from './tracking.ts';

/** Keys of pods that no Job will count. */
const ORPHAN = 'orphan|';
/** In spec.managedBy. Jobs with another name there are somebody else's work. */
const OWN_NAME = 'kubernetes.io/job-controller';

const ownersOfPod = ownerKeys<Job>({ resource: RESOURCE, kind: 'Job', selectorOf: (job) => job.spec?.selector });
const isOthers = ({ spec }: Job): boolean => (spec?.managedBy ?? OWN_NAME) !== OWN_NAME;

export const job: Controller = {
  name: COMPONENT,
  watches: {
    [RESOURCE]: ({ type, object }, { client }) => {
      const found = object as Job;
      const over = type === 'DELETED' || isFinished(found);
      const left = over
        ? client
            .list<Pod>('pods', object.metadata.namespace)
            .filter((pod) => isTracked(pod) && labelSelectorMatches(found.spec?.selector, pod.metadata.labels ?? {}))
        : [];
      return [...left.map((pod) => ORPHAN + namespacedKey(pod)), namespacedKey(object)];
    },
    pods: (change, context) => [...orphanKeys(change, context), ...ownersOfPod(change, context)],
  },
  reconcile(key, context) {
    const orphan = key.startsWith(ORPHAN);
    const { namespace, name } = splitKey(orphan ? key.slice(ORPHAN.length) : key);
    if (orphan) {
      const pod = context.client.get<Pod>('pods', namespace, name);
      if (pod !== undefined && isLost(pod, context)) release(context, pod);
      return;
    }
    const found = context.client.get<Job>(RESOURCE, namespace, name);
    if (found === undefined || isFinished(found)) {
      forgetBackoff(context, key);
      return;
    }
    return isOthers(found) ? undefined : sync(found, context);
  },
};

const jobOf = (pod: Pod, { client }: ControllerContext): Job | undefined => {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'Job') return undefined;
  const found = client.get<Job>(RESOURCE, pod.metadata.namespace ?? '', owner.name);
  return found?.metadata.uid === owner.uid ? found : undefined;
};

/** Held pods without a Job, or whose Job is over. */
function orphanKeys({ type, object }: Change, context: ControllerContext): string[] {
  const pod: Pod & KubeObject = object;
  if (type === 'DELETED' || !isTracked(pod)) return [];
  const going = pod.metadata.deletionTimestamp !== undefined;
  return controllerOf(pod) === undefined || (going && isLost(pod, context)) ? [ORPHAN + namespacedKey(pod)] : [];
}

function isLost(pod: Pod, context: ControllerContext): boolean {
  const owner = controllerOf(pod);
  if (owner === undefined) return true;
  if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return false;
  const found = jobOf(pod, context);
  return found === undefined || (isFinished(found) && !isOthers(found));
}

function sync(found: Job, context: ControllerContext): Again {
  const { client, clock } = context;
  const candidates = client.list<Pod>('pods', found.metadata.namespace);
  const pass = look(context, found, claim(context, 'pods', found, found.spec?.selector, candidates, TRACKING));
  const suspended = found.spec?.suspend === true;
  if (pass.status.startTime === undefined && !suspended) pass.status.startTime = timestamp(clock);

  pass.ending = endingOf(pass);
  let managed: Managed = {};
  if (pass.ending !== undefined) {
    managed = { failure: removeActive(pass) };
    // not yet: pods are left that could not be removed
    if (managed.failure !== undefined) pass.ending = undefined;
  } else {
    const manages = found.metadata.deletionTimestamp === undefined;
    if (manages) managed = manage(pass);
    pass.ending = completion(pass);
    if (pass.ending === undefined && manages) noteSuspension(pass, suspended);
  }
  track(pass);
  if (managed.failure !== undefined) throw managed.failure;
  const deadline = untilDeadline(found, pass.status.startTime, clock.now());
  return earliest(managed.again, deadline ? { afterMs: deadline } : undefined);
}

function noteSuspension({ status, job: found, context }: Pass, suspended: boolean): void {
  const current = conditionOf(status.conditions, 'Suspended');
  const now = timestamp(context.clock);
  if (suspended ? current?.status === 'True' : current?.status !== 'True') return;
  const [told, reason, message] = suspended
    ? ['Suspended', 'JobSuspended', 'Job suspended']
    : ['Resumed', 'JobResumed', 'Job resumed'];
  const next = condition('Suspended', suspended ? 'True' : 'False', reason, message, now);
  const conditions = status.conditions ?? [];
  status.conditions = current
    ? conditions.map((one) => (one.type === 'Suspended' ? next : one))
    : [...conditions, next];
  if (!suspended) status.startTime = now;
  context.events.event(COMPONENT, { regarding: found, type: 'Normal', reason: told, message });
}

function earliest(a: Again, b: Again): Again {
  if (!a || !b) return a ?? b;
  return a.afterMs <= b.afterMs ? a : b;
}
