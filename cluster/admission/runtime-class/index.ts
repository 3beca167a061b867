import { equal } from '../../api/merge.ts';
import { amounts } from '../../api/pods.ts';
import type { Pod, ResourceList, RuntimeClass } from '../../api/types.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';

function sameAmounts(a: ResourceList | undefined, b: ResourceList | undefined): boolean {
  const left = amounts(a);
  const right = amounts(b);
  return left.size === right.size && [...left].every(([name, amount]) => right.get(name)?.cmp(amount) === 0);
}

/** @throws StatusError when the pod names a class that is not there */
function classOf(request: AdmissionRequest, pod: Pod, { store }: AdmissionContext): RuntimeClass | undefined {
  const name = pod.spec?.runtimeClassName;
  if (name === undefined) return undefined;
  const found = store.get<RuntimeClass>('runtimeclasses.node.k8s.io', '', name);
  if (!found) throw refuse(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
}

function schedule(request: AdmissionRequest, pod: Pod, { scheduling }: RuntimeClass): void {
  if (!scheduling || !pod.spec) return;
  const { spec } = pod;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    const conflict = `runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    throw refuse(request, `conflict: ${conflict}`);
  }
  if (scheduling.nodeSelector) spec.nodeSelector = { ...spec.nodeSelector, ...scheduling.nodeSelector };
  const added = (scheduling.tolerations ?? []).filter((one) => !spec.tolerations?.some((own) => equal(own, one)));
  if (added.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...added];
}

/** A pod's runtime class says what running it costs beyond its containers, and where it can run. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  mutate(request, context) {
    const pod = objectOf<Pod>(request, 'pods', 'CREATE');
    const found = pod && classOf(request, pod, context);
    if (!found || !pod.spec) return;
    const overhead = found.overhead?.podFixed;
    if (found.overhead) {
      if (Object.keys(pod.spec.overhead ?? {}).length > 0 && !sameAmounts(overhead, pod.spec.overhead)) {
        throw refuse(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
      }
      if (overhead) pod.spec.overhead = { ...overhead };
    }
    schedule(request, pod, found);
  },
  validate(request, context) {
    const pod = objectOf<Pod>(request, 'pods', 'CREATE');
    if (!pod) return;
    const found = classOf(request, pod, context);
    if (found?.overhead) {
      if (sameAmounts(found.overhead.podFixed, pod.spec?.overhead)) return;
      throw refuse(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    if (pod.spec?.overhead !== undefined) {
      throw refuse(request, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    }
  },
};
