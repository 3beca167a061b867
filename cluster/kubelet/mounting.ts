/** Volumes: waiting until all are there, saying what is wrong with them, and showing what has changed. */
import { mountProblems, type MountProblem } from './mounts.ts';
import { hostAddress } from './address.ts';
import type { Pod } from '../api/types.ts';
import { nowOf, tell, type Course, type Life, type Memory, type Work } from './work.ts';

/** Milliseconds between attempts to mount one volume: doubling. */
const FIRST = 500;
const LAST = 122_000;
/** Milliseconds until one look at the pod gives up waiting. */
const PATIENCE = 123_000;
/** ... and between looks at whether something has been attached. */
const WAIT_MS = 5000;
/** ... and between looks at whether they are there. */
const POLL = 300;

/** False: not now. */
export function* mountVolumes(work: Work): Course<boolean> {
  const until = nowOf(work) + PATIENCE;
  for (;;) {
    // who is told to go waits for nothing any more, and nothing is said of it
    if (work.life.pod?.metadata.deletionTimestamp !== undefined) return false;
    const problems = mountProblems(work.context.client, work.pod, () => work.runtime.host(work.node.metadata.name));
    if (problems.length === 0) break;
    // a claim that is not bound is no matter of trying: it is said once a look
    const hopeless = problems.find(({ volume }) => volume === undefined);
    if (hopeless !== undefined) {
      tell(work, 'Warning', 'FailedMount', hopeless.message);
      return false;
    }
    const again = Math.min(...problems.map((problem) => attempt(work, problem)));
    if (nowOf(work) >= until) {
      const names = (found: readonly MountProblem[]) =>
        `[${found
          .map(({ name }) => name)
          .sort()
          .join(' ')}]`;
      const unattached = problems.filter(({ message }) => message === '');
      const why = `unmounted volumes=${names(problems)}, unattached volumes=${names(unattached)}, failed to process volumes=[]`;
      tell(work, 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${why}: context deadline exceeded`);
      return false;
    }
    yield { until: Math.min(again, until) };
  }
  const { life, pod, node, memory } = work;
  work.runtime.mountVolumes({ pod, node, podIP: life.sandbox?.address ?? '', hostIP: hostAddress(node) });
  mounted(memory, life, pod);
  return true;
}

/** From now on changes of what the volumes show are noticed. */
export function mounted({ shown }: Memory, life: Life, pod: Pod): void {
  life.mounted = true;
  for (const what of shownBy({ pod })) {
    const keys = shown.get(what) ?? new Set();
    keys.add(life.key);
    shown.set(what, keys);
  }
}

/** Tries it if its time has come. Returns when the next time is. */
function attempt(work: Work, { volume = '', message }: MountProblem): number {
  const { mounts } = work.life;
  const now = nowOf(work);
  if (message === '') return now + WAIT_MS;
  const known = mounts.get(volume);
  if (known !== undefined && now < known.retryAt) return known.retryAt;
  const attempts = (known?.attempts ?? 0) + 1;
  const retryAt = now + Math.min(FIRST * 2 ** (attempts - 1), LAST);
  mounts.set(volume, { attempts, retryAt });
  tell(work, 'Warning', 'FailedMount', message);
  return Math.max(retryAt, now + POLL);
}

/** ConfigMaps and Secrets that the pod's volumes show, as `configmaps/namespace/name`. */
export function shownBy({ pod }: Pick<Work, 'pod'>): string[] {
  const namespace = pod.metadata.namespace ?? '';
  return (pod.spec?.volumes ?? []).flatMap(({ configMap, secret, projected }) =>
    [{ configMap, secret }, ...(projected?.sources ?? [])].flatMap((source): string[] => [
      ...(source.configMap ? [`configmaps/${namespace}/${source.configMap.name ?? ''}`] : []),
      ...(source.secret ? [`secrets/${namespace}/${nameOf(source.secret)}`] : []),
    ]),
  );
}
const nameOf = (secret: { name?: string; secretName?: string }): string => secret.name ?? secret.secretName ?? '';

/** Milliseconds until a change is shown in a volume: a look at the pod, which comes every minute or a little more. */
export const REFRESH = 75_000;
