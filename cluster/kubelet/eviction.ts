/** Pods that use more than they may of the node's disk, and nodes that run short: who has to go, and what is said. */
import { parseQuantity } from '../api/quantity.ts';
import type { Pod } from '../api/types.ts';
import { bareId, allRunning } from './made.ts';
import { tell, type Life, type Work } from './work.ts';

/** Milliseconds between looks at what is used. */
export const EVICTION_CHECK = 10_000;

const bytes = (text: string | undefined): number =>
  text === undefined ? Infinity : (parseQuantity(text)?.value() ?? Infinity);

/** Whether somebody has to look at what the pod uses. */
export const isLimited = (pod: Pod): boolean =>
  (pod.spec?.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ||
  (pod.spec?.containers ?? []).some(({ resources }) => resources?.limits?.['ephemeral-storage'] !== undefined);

/** Why the pod has to go for what it uses itself; said once. */
export function evicted(work: Work): Life['ending'] {
  const message = overLimit(work);
  if (message === undefined) return undefined;
  tell(work, 'Warning', 'Evicted', message);
  // where disk is what runs short nobody gets time
  return { reason: 'Evicted', message, grace: 1 };
}

function overLimit({ pod, runtime, life }: Work): string | undefined {
  for (const { name, emptyDir } of pod.spec?.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit === undefined || runtime.usedBy(pod, name) <= bytes(limit)) continue;
    return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  }
  const limits = (pod.spec?.containers ?? []).map(({ resources }) => resources?.limits?.['ephemeral-storage']);
  let used = 0;
  for (const made of allRunning(life)) {
    const container = pod.spec?.containers.find(({ name }) => name === made.name);
    const limit = container?.resources?.limits?.['ephemeral-storage'];
    const own = runtime.layerOf(bareId(made.id));
    used += own;
    if (limit !== undefined && own > bytes(limit)) {
      return `Container ${made.name} exceeded its local ephemeral storage limit "${limit}". `;
    }
  }
  for (const { name, emptyDir } of pod.spec?.volumes ?? []) {
    if (emptyDir !== undefined && emptyDir.medium !== 'Memory') used += runtime.usedBy(pod, name);
  }
  const total = limits.every((one) => one !== undefined) ? limits.reduce((sum, one) => sum + bytes(one), 0) : Infinity;
  if (limits.length === 0 || used <= total) return undefined;
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${limits.length === 1 ? limits[0] : total}. `;
}
