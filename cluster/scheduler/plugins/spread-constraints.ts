/** Topology spread constraints, as a pod has them or as the scheduler adds them for pods of services and sets. */
import { controllerOf } from '../../api/pods.ts';
import { labelSelectorMatches } from '../../api/selector.ts';
import type {
  LabelSelector,
  Pod,
  PodSpec,
  ReplicaSet,
  ReplicationController,
  Service,
  StatefulSet,
} from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { labelsOf } from '../framework.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export interface Constraint {
  maxSkew: number;
  topologyKey: string;
  minDomains: number;
  nodeAffinityPolicy: string;
  nodeTaintsPolicy: string;
  matches(labels: Record<string, string>): boolean;
  /** Parts of stored objects: where these are the same, it matches the same. Absent: that is not known. */
  selectors?: readonly object[];
  /** An empty selector: it matches every pod, and so none is counted. */
  matchesNothingSpecial: boolean;
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector) =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

type Written = NonNullable<PodSpec['topologySpreadConstraints']>[number];
type WhenUnsatisfiable = 'DoNotSchedule' | 'ScheduleAnyway';

const asConstraint = (
  { maxSkew, topologyKey, minDomains, nodeAffinityPolicy, nodeTaintsPolicy }: Written,
  matching: Pick<Constraint, 'matches' | 'matchesNothingSpecial' | 'selectors'>,
): Constraint => ({
  maxSkew,
  topologyKey,
  minDomains: minDomains ?? 1,
  nodeAffinityPolicy: nodeAffinityPolicy ?? 'Honor',
  nodeTaintsPolicy: nodeTaintsPolicy ?? 'Ignore',
  ...matching,
});

/** The pod's own constraints of one kind. */
export function constraintsOf(pod: Pod, whenUnsatisfiable: WhenUnsatisfiable): Constraint[] {
  const labels = labelsOf(pod);
  return (pod.spec?.topologySpreadConstraints ?? [])
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) => {
      const { labelSelector, matchLabelKeys } = constraint;
      const same = (matchLabelKeys ?? []).filter((key) => Object.hasOwn(labels, key));
      const matchesKeys = (other: Record<string, string>) => same.every((key) => other[key] === labels[key]);
      return asConstraint(constraint, {
        matches: (other) =>
          labelSelector !== undefined && labelSelectorMatches(labelSelector, other) && matchesKeys(other),
        matchesNothingSpecial: same.length === 0 && labelSelector !== undefined && isEmpty(labelSelector),
      });
    });
}

type Match = (labels: Record<string, string>) => boolean;
const matchesSet =
  (set: Record<string, string>): Match =>
  (labels) =>
    Object.entries(set).every(([key, value]) => labels[key] === value);

/** How it matches, and what in the store says so. */
interface Selecting {
  match: Match;
  by: object;
}

function ownerSelector(pod: Pod, reader: Reader): Selecting | undefined {
  const owner = controllerOf(pod);
  const namespace = pod.metadata.namespace ?? '';
  if (owner?.apiVersion === 'v1' && owner.kind === 'ReplicationController') {
    const set = reader.get<ReplicationController>('replicationcontrollers', namespace, owner.name)?.spec?.selector;
    return set && { match: matchesSet(set), by: set };
  }
  if (owner?.apiVersion !== 'apps/v1') return undefined;
  const resource = { ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps' }[owner.kind];
  const selector = resource && reader.get<ReplicaSet | StatefulSet>(resource, namespace, owner.name)?.spec?.selector;
  return selector ? { match: (labels) => labelSelectorMatches(selector, labels), by: selector } : undefined;
}

/** What a scheduler adds unless its configuration says otherwise: soft spreading over nodes and zones. */
export const SYSTEM_DEFAULTS: readonly Written[] = [
  { topologyKey: HOSTNAME, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

/** The scheduler's constraints of one kind, over what the pod's services and owner select together; none when nothing selects it. */
export function defaultConstraints(
  pod: Pod,
  reader: Reader,
  { defaults, whenUnsatisfiable }: { defaults: readonly Written[]; whenUnsatisfiable: WhenUnsatisfiable },
): Constraint[] {
  const wanted = defaults.filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable);
  if (wanted.length === 0) return [];
  const labels = labelsOf(pod);
  const selecting = reader
    .list<Service>('services', pod.metadata.namespace ?? '')
    .map(({ spec }) => spec?.selector)
    .filter((set) => set !== undefined)
    .filter((set) => Object.keys(set).length > 0 && matchesSet(set)(labels))
    .map((set): Selecting => ({ match: matchesSet(set), by: set }));
  const owner = ownerSelector(pod, reader);
  if (owner) selecting.push(owner);
  if (selecting.length === 0) return [];
  const matches: Match = (other) => selecting.every(({ match }) => match(other));
  const selectors = selecting.map(({ by }) => by);
  return wanted.map((constraint) => asConstraint(constraint, { matches, selectors, matchesNothingSpecial: false }));
}
