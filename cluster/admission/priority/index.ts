import type { Pod, PriorityClass } from '../../api/types.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';

const CLASSES = 'priorityclasses.scheduling.k8s.io';

/** Of several, the lowest. */
function defaultClass({ store }: AdmissionContext): PriorityClass | undefined {
  const defaults = store.list<PriorityClass>(CLASSES).filter(({ globalDefault }) => globalDefault);
  return defaults.reduce<PriorityClass | undefined>(
    (least, one) => (least === undefined || (one.value ?? 0) < (least.value ?? 0) ? one : least),
    undefined,
  );
}

function prioritise(request: AdmissionRequest, pod: Pod, context: AdmissionContext): void {
  const spec = (pod.spec ??= { containers: [] });
  const named = spec.priorityClassName;
  const found = named ? context.store.get<PriorityClass>(CLASSES, '', named) : defaultClass(context);
  if (named && !found) throw refuse(request, `no PriorityClass with name ${named} was found`);
  if (found) spec.priorityClassName = found.metadata.name;
  const priority = found?.value ?? 0;
  const policy = found ? found.preemptionPolicy : 'PreemptLowerPriority';
  const provided = (what: string, value: string | number, computed: string | number) =>
    refuse(
      request,
      `the ${what} (${value}) must not be provided in pod spec; ` +
        `priority admission controller computed ${computed} from the given PriorityClass name`,
    );
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw provided('integer value of priority', spec.priority, priority);
  }
  spec.priority = priority;
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw provided('string value of PreemptionPolicy', spec.preemptionPolicy, policy);
  }
  spec.preemptionPolicy = policy;
}

/** Turns a pod's priority class into a number, and keeps to one default class. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  mutate(request, context) {
    const created = objectOf<Pod>(request, 'pods', 'CREATE');
    if (created) prioritise(request, created, context);
    const updated = objectOf<Pod>(request, 'pods', 'UPDATE');
    const old: Pod | undefined = request.old;
    const before = old?.spec;
    if (!updated?.spec || !before) return;
    if (before.priority !== undefined) updated.spec.priority ??= before.priority;
    if (before.preemptionPolicy !== undefined) updated.spec.preemptionPolicy ??= before.preemptionPolicy;
  },
  validate(request, context) {
    const object = objectOf<PriorityClass>(request, CLASSES, 'CREATE', 'UPDATE');
    if (!object?.globalDefault) return;
    const current = defaultClass(context);
    if (!current || (request.operation === 'UPDATE' && current.metadata.name === object.metadata.name)) return;
    const { name } = current.metadata;
    throw refuse(request, `PriorityClass ${name} is already marked as default. Only one default can exist`);
  },
};
