/** An object without what two runs cannot have in common: ids, times, and what a kubelet adds to a pod. */

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  [field: string]: unknown;
}
interface ContainerStatus {
  name: string;
  image: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state?: Record<string, Record<string, unknown>>;
  lastState?: Record<string, Record<string, unknown>>;
}
interface Mounting {
  volumeMounts?: { name: string }[];
}
interface Comparable {
  kind: string;
  metadata?: Record<string, unknown> & { ownerReferences?: { uid?: string }[] };
  spec?: Record<string, unknown> & {
    volumes?: { name: string }[];
    containers?: Mounting[];
    initContainers?: Mounting[];
    ports?: { nodePort?: unknown }[];
  };
  status?: Record<string, unknown> & {
    phase?: string;
    reason?: string;
    qosClass?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
}

const METADATA_OF_A_RUN = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink', 'generation'];
const TIMES_OF_CONDITIONS = [
  'lastUpdateTime',
  'lastTransitionTime',
  'lastProbeTime',
  'lastHeartbeatTime',
  'observedGeneration',
];
const STATE_FIELDS = ['reason', 'exitCode', 'signal', 'message'];
/** Drawn anew in each run, wherever they are mentioned. */
const DRAWN: ReadonlySet<string> = new Set(['uid', 'resourceVersion']);
const TOKEN_VOLUME = 'kube-api-access-';

const bare = (state: ContainerStatus['state']) =>
  Object.fromEntries(
    Object.entries(state ?? {}).map(([name, fields]) => [
      name,
      Object.fromEntries(Object.entries(fields).filter(([field]) => STATE_FIELDS.includes(field))),
    ]),
  );
const containerStates = (list: ContainerStatus[] | undefined) =>
  list?.map(({ name, image, ready, started, restartCount, state, lastState }) => ({
    name,
    image,
    ready,
    started,
    restartCount,
    state: bare(state),
    lastState: bare(lastState),
  }));
const brief = ({ type, status, reason, message }: Condition) => ({ type, status, reason, message });

function comparePod(object: Comparable, full: boolean): void {
  const { phase, reason, qosClass, conditions = [], ...statuses } = object.status ?? {};
  const decided = conditions.filter(({ type }) => type === 'PodScheduled' || type === 'DisruptionTarget');
  object.status = { phase, reason, conditions: decided.map(brief), qosClass };
  if (full) {
    object.status = {
      ...object.status,
      conditions: conditions.map(brief),
      initContainers: containerStates(statuses.initContainerStatuses),
      containers: containerStates(statuses.containerStatuses),
      ephemeralContainers: containerStates(statuses.ephemeralContainerStatuses),
    };
  }
  const { spec } = object;
  if (!spec) return;
  spec.volumes = spec.volumes?.filter(({ name }) => !name.startsWith(TOKEN_VOLUME));
  if (!spec.volumes?.length) delete spec.volumes;
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    container.volumeMounts = container.volumeMounts?.filter(({ name }) => !name.startsWith(TOKEN_VOLUME));
    if (!container.volumeMounts?.length) delete container.volumeMounts;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  return Object.fromEntries(
    entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, DRAWN.has(key) ? `<${key}>` : sorted(inner)]),
  );
}

/** @param full what a kubelet reports is compared too */
export function comparableObject(original: unknown, full: boolean): unknown {
  const object = structuredClone(original) as Comparable;
  for (const field of METADATA_OF_A_RUN) delete object.metadata?.[field];
  for (const owner of object.metadata?.ownerReferences ?? []) delete owner.uid;
  if (object.kind === 'Pod') comparePod(object, full);
  if (object.kind === 'Service') {
    for (const port of object.spec?.ports ?? []) if (port.nodePort) port.nodePort = '<nodeport>';
  }
  if (object.kind === 'Node') {
    object.status = { conditions: (object.status?.conditions ?? []).map(({ type, status }) => ({ type, status })) };
    delete object.spec?.['podCIDR'];
    delete object.spec?.['podCIDRs'];
  }
  for (const condition of object.status?.conditions ?? []) {
    for (const field of TIMES_OF_CONDITIONS) delete condition[field];
  }
  delete object.status?.['observedGeneration'];
  return sorted(object);
}
