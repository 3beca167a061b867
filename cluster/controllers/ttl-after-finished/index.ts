/** Removes Jobs some time after they have finished, where they ask for it. */
import type { Job } from '../../api/types.ts';
import { conditionOf, millisecondsOf } from '../conditions.ts';
import type { Again, Controller } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';

const finishedAt = (job: Job): number | undefined => {
  const conditions = job.status?.conditions;
  const end = [conditionOf(conditions, 'Complete'), conditionOf(conditions, 'Failed')].find(
    (condition) => condition?.status === 'True',
  );
  return millisecondsOf(end?.lastTransitionTime);
};

export const ttlAfterFinished: Controller = {
  name: 'ttl-after-finished-controller',
  watches: { 'jobs.batch': ({ type, object }) => (type === 'DELETED' ? [] : [namespacedKey(object)]) },
  reconcile(key, { client, clock }): Again {
    const { namespace, name } = splitKey(key);
    const job = client.get<Job>('jobs.batch', namespace, name);
    const seconds = job?.spec?.ttlSecondsAfterFinished;
    if (job === undefined || seconds === undefined || job.metadata.deletionTimestamp !== undefined) return;
    const finished = finishedAt(job);
    if (finished === undefined) return;
    const wait = finished + seconds * 1000 - clock.now();
    if (wait > 0) return { afterMs: wait };
    const { uid = '' } = job.metadata;
    client.delete('jobs.batch', namespace, name, { propagationPolicy: 'Foreground', preconditions: { uid } });
    return;
  },
};
