/** Pods: containers that run together on one node. */
import { path } from '../../../api/field.ts';
import { qosClass } from '../../../api/pods.ts';
import type { LabelSelector, Pod, PodCondition } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { defaultPod } from '../../pod-spec/defaults.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { hostnameWarning, podWarnings } from '../../pod-spec/warnings.ts';
import { appArmorWarnings, takeOverAppArmor } from './app-armor.ts';
import { podCells } from './columns.ts';
import { resizeTarget, validateResize } from './resize.ts';
import { validateEphemeralUpdate, validatePod, validatePodStatusUpdate, validatePodUpdate } from './validation.ts';

type Labels = Readonly<Record<string, string>>;

function addKeys(
  selector: LabelSelector | undefined,
  keys: readonly string[] | undefined,
  operator: string,
  labels: Labels,
) {
  if (!selector) return;
  for (const key of keys ?? []) {
    const value = labels[key];
    if (value !== undefined)
      selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
  }
}

/** matchLabelKeys stand for the pod's own values: they are written into the selectors when the pod is made. */
function resolveLabelKeys(pod: Pod): void {
  const labels = pod.metadata.labels ?? {};
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  for (const affinity of [podAffinity, podAntiAffinity]) {
    const terms = [
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => one.podAffinityTerm),
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ];
    for (const term of terms) {
      addKeys(term.labelSelector, term.matchLabelKeys, 'In', labels);
      addKeys(term.labelSelector, term.mismatchLabelKeys, 'NotIn', labels);
    }
  }
  for (const constraint of pod.spec?.topologySpreadConstraints ?? [])
    addKeys(constraint.labelSelector, constraint.matchLabelKeys, 'In', labels);
}

/** A time that was never set is shown as null. */
const NEVER = null as unknown as undefined;

const gated = (now: number): PodCondition => ({
  lastProbeTime: NEVER,
  lastTransitionTime: `${new Date(now).toISOString().slice(0, 19)}Z`,
  message: 'Scheduling is blocked due to non-empty scheduling gates',
  reason: 'SchedulingGated',
  status: 'False',
  type: 'PodScheduled',
});

export const pod: Kind<Pod> = {
  resource: 'pods',

  defaults: defaultPod,

  prepareForCreate(object, { clock }) {
    defaultPod(object);
    object.status = { phase: 'Pending', qosClass: qosClass(object) };
    dropDisabledFields(object.spec);
    if ((object.spec?.schedulingGates ?? []).length > 0) object.status.conditions = [gated(clock.now())];
    resolveLabelKeys(object);
    takeOverAppArmor(object);
  },
  prepareForUpdate(object, old, { subresource }) {
    const spec = old.spec ?? { containers: [] };
    dropDisabledFields(object.spec);
    if (subresource === 'ephemeralcontainers')
      object.spec = { ...structuredClone(spec), ephemeralContainers: object.spec?.ephemeralContainers };
    if (subresource === 'resize') object.spec = resizeTarget(object.spec ?? { containers: [] }, spec);
  },
  prepareForStatusUpdate(object, old) {
    object.status ??= {};
    if (!object.status.qosClass) object.status.qosClass = old.status?.qosClass;
  },

  validate: validatePod,
  validateUpdate(object, old, { subresource }) {
    if (subresource === 'ephemeralcontainers') return validateEphemeralUpdate(object, old);
    if (subresource === 'resize') return validateResize(object, old);
    return validatePodUpdate(object, old);
  },
  validateStatusUpdate: validatePodStatusUpdate,
  warnings(object, old) {
    if (old) return [];
    return [
      ...appArmorWarnings(object),
      ...hostnameWarning(object.metadata.name, "the Pod's hostname"),
      ...podWarnings(object.spec, object.metadata.annotations, path(), true),
    ];
  },

  fields: ({ spec, status }) => ({
    'spec.nodeName': spec?.nodeName ?? '',
    'spec.restartPolicy': spec?.restartPolicy ?? '',
    'spec.schedulerName': spec?.schedulerName ?? '',
    'spec.serviceAccountName': spec?.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec?.hostNetwork ?? false),
    'status.phase': status?.phase ?? '',
    'status.podIP': status?.podIPs?.[0]?.ip ?? status?.podIP ?? '',
    'status.nominatedNodeName': status?.nominatedNodeName ?? '',
  }),

  cells: podCells,

  gracePeriodSeconds({ spec, status }, requested) {
    const period = requested ?? spec?.terminationGracePeriodSeconds ?? 0;
    const isOver = !spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded';
    if (isOver) return 0;
    return period < 0 ? 1 : period;
  },
};
