/** What the server warns of in a pod's spec although it takes it. */
import { parseQuantity } from '../../api/quantity.ts';
import { dns1123Label, labelValue } from '../../api/names.ts';
import type { Path } from '../../api/field.ts';
import type {
  Affinity,
  Container,
  NodeSelectorTerm,
  PodSpec,
  ResourceList,
  ResourceRequirements,
} from '../../api/types.ts';
import { equal } from '../../api/merge.ts';
import { APPARMOR, appArmorOf, SECCOMP_CONTAINER, SECCOMP_POD } from './annotations.ts';
import { overlappingFiles } from './overlapping-files.ts';
import { containersWithPath } from './walk.ts';

type Annotations = Readonly<Record<string, string>>;
type AppArmor = NonNullable<NonNullable<PodSpec['securityContext']>['appArmorProfile']>;
type PodTerms = NonNullable<Affinity['podAffinity']>;

const OLD_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};
const OLD_ANNOTATIONS: readonly [key: string, sentence: string][] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];
const OLD_VOLUMES = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

function ofTerm(term: NodeSelectorTerm, withValues: boolean, path: Path): string[] {
  return (term.matchExpressions ?? []).flatMap(({ key, values }, position) => {
    const at = path.child('matchExpressions').index(position);
    const old = OLD_NODE_LABELS[key];
    return [
      ...(old === undefined ? [] : [`${String(at.child('key'))}: ${key} is ${old}`]),
      ...(withValues ? (values ?? []) : []).flatMap((value, which) =>
        labelValue(value).map((text) => `${String(at.child('values').index(which))}: ${value} is invalid, ${text}`),
      ),
    ];
  });
}

function ofNodes(spec: PodSpec, path: Path): string[] {
  const warnings = Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
    const old = OLD_NODE_LABELS[key];
    return old === undefined ? [] : [`${String(path.child('nodeSelector').key(key))}: ${old}`];
  });
  const affinity = spec.affinity?.nodeAffinity;
  const at = path.child('affinity', 'nodeAffinity');
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const termsPath = at.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  for (const [position, term] of terms.entries()) warnings.push(...ofTerm(term, false, termsPath.index(position)));
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferredPath = at.child('preferredDuringSchedulingIgnoredDuringExecution');
  for (const [position, { preference }] of preferred.entries())
    warnings.push(...ofTerm(preference, true, preferredPath.index(position).child('preference')));
  for (const [position, constraint] of (spec.topologySpreadConstraints ?? []).entries()) {
    const here = path.child('topologySpreadConstraints').index(position);
    const old = OLD_NODE_LABELS[constraint.topologyKey];
    if (old !== undefined) warnings.push(`${String(here.child('topologyKey'))}: ${constraint.topologyKey} is ${old}`);
    if (!constraint.labelSelector)
      warnings.push(`${String(here.child('labelSelector'))}: a null labelSelector results in matching no pod`);
  }
  return warnings;
}

const fractional = (amounts: ResourceList | undefined, path: Path, name: string): string[] => {
  const amount = parseQuantity(amounts?.[name] ?? '0');
  return amount && amount.milliValue() % 1000 !== 0
    ? [
        `${String(path.key(name))}: fractional byte value ${JSON.stringify(amount.toString())} is invalid, must be an integer`,
      ]
    : [];
};

/** Of a claim's template. `path` leads to what holds its resources. */
export const fractionalStorage = (resources: ResourceRequirements | undefined, path: Path): string[] =>
  (['requests', 'limits'] as const).flatMap((kind) =>
    fractional(resources?.[kind], path.child('resources', kind), 'storage'),
  );

/** A variable may build on an earlier one of its name: `PATH=$(PATH):/opt`. */
function hiddenVariables(container: Container, path: Path): string[] {
  const seen = new Set<string>();
  return (container.env ?? []).flatMap(({ name, value = '', valueFrom }, position) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reference = `$(${name})`;
    return valueFrom !== undefined || value === reference || !value.includes(reference)
      ? [
          `${String(path.child('env').index(position))}: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ]
      : [];
  });
}

function ofContainer(
  container: Container,
  annotations: Annotations,
  meta: Path,
  path: Path,
  isPod: boolean,
  ofPod: AppArmor | undefined,
): string[] {
  const warnings: string[] = [];
  const seccomp = SECCOMP_CONTAINER + container.name;
  if (!container.securityContext?.seccompProfile && seccomp in annotations)
    warnings.push(`${String(meta.key(seccomp))}: non-functional in v1.27+; use the "seccompProfile" field instead`);
  const apparmor = APPARMOR + container.name;
  const annotation = annotations[apparmor];
  const saysMore = annotation !== undefined && !(ofPod && equal(ofPod, appArmorOf(annotation)));
  if (!isPod && !container.securityContext?.appArmorProfile && saysMore)
    warnings.push(`${String(meta.key(apparmor))}: deprecated since v1.30; use the "appArmorProfile" field instead`);
  const at = path.child('resources');
  for (const name of ['memory', 'ephemeral-storage'])
    for (const kind of ['limits', 'requests'] as const)
      warnings.push(...fractional(container.resources?.[kind], at.child(kind), name));
  return [...warnings, ...hiddenVariables(container, path)];
}

type Port = NonNullable<Container['ports']>[number];

/** What is wrong between two definitions of one port, if anything. */
function clash(port: Port, other: Port): string | undefined {
  const [mine, theirs] = [port.hostPort ?? 0, other.hostPort ?? 0];
  const [here, there] = [port.hostIP ?? '', other.hostIP ?? ''];
  if (here === there && mine === theirs) return 'duplicate';
  if (mine === 0 || theirs === 0) return 'overlapping';
  return mine === theirs && (here === '') !== (there === '') ? 'dangerously ambiguous' : undefined;
}

/** As Go prints the struct. */
const goPort = ({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: Port): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

function ofPorts(containers: readonly [Container, Path][]): string[] {
  const ports = containers.flatMap(([container, path]) =>
    (container.ports ?? []).map((port, position): [Port, Path] => [port, path.child('ports').index(position)]),
  );
  const warnings: string[] = [];
  for (const [position, [port, path]] of ports.entries()) {
    if (port.hostIP && !port.hostPort) warnings.push(`${String(path)}: hostIP set without hostPort: ${goPort(port)}`);
    for (const [other, otherPath] of ports.slice(0, position)) {
      if (port.containerPort !== other.containerPort || port.protocol !== other.protocol) continue;
      const what = clash(port, other);
      if (what !== undefined) warnings.push(`${String(path)}: ${what} port definition with ${String(otherPath)}`);
    }
  }
  const names = new Map<string, Path>();
  for (const [{ name }, path] of ports) {
    if (!name) continue;
    const first = names.get(name);
    if (first)
      warnings.push(
        `${String(path)}: duplicate port name ${JSON.stringify(name)} with ${String(first)}, services and probes that select ports by name will use ${String(first)}`,
      );
    else names.set(name, path);
  }
  return warnings;
}

function ofPodTerms(terms: PodTerms | undefined, path: Path): string[] {
  const nothing = (at: Path) => `${String(at.child('labelSelector'))}: a null labelSelector results in matching no pod`;
  const hard = 'requiredDuringSchedulingIgnoredDuringExecution';
  const soft = 'preferredDuringSchedulingIgnoredDuringExecution';
  return [
    ...(terms?.[hard] ?? []).flatMap(({ labelSelector }, position) =>
      labelSelector ? [] : [nothing(path.child(hard).index(position))],
    ),
    ...(terms?.[soft] ?? []).flatMap(({ podAffinityTerm }, position) =>
      podAffinityTerm.labelSelector ? [] : [nothing(path.child(soft).index(position).child('podAffinityTerm'))],
    ),
  ];
}

function repeated(names: readonly string[], at: (position: number) => Path, what: string): string[] {
  return names.flatMap((name, position) =>
    names.indexOf(name) < position ? [`${String(at(position))}: duplicate ${what} ${JSON.stringify(name)}`] : [],
  );
}

/**
 * Sentences for the Warning header. `path` leads to the pod or template: `path()` for a pod itself, whose names of
 * fields start at `spec`.
 */
export function podWarnings(
  spec: PodSpec | undefined,
  annotations: Annotations | undefined,
  path: Path,
  isPod: boolean,
): string[] {
  if (!spec) return [];
  const of = path.child('spec');
  const meta = path.child('metadata', 'annotations');
  const marks = annotations ?? {};
  const warnings = ofNodes(spec, of);
  for (const [key, sentence] of OLD_ANNOTATIONS)
    if (key in marks) warnings.push(`${String(meta.key(key))}: ${sentence}`);
  for (const [position, volume] of (spec.volumes ?? []).entries()) {
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    const template = of.child('volumes').index(position).child('ephemeral', 'volumeClaimTemplate', 'spec');
    if (claim) warnings.push(...fractionalStorage(claim.resources, template));
    for (const [kind, sentence] of OLD_VOLUMES)
      if (volume[kind])
        warnings.push(
          `${String(
            of
              .child('volumes')
              .index(position)
              .child(kind === 'storageos' ? 'storageOS' : kind),
          )}: ${sentence}`,
        );
  }
  warnings.push(...overlappingFiles(spec.volumes ?? []));
  const aliases = of.child('hostAliases');
  warnings.push(
    ...repeated(
      (spec.hostAliases ?? []).map(({ ip }) => ip),
      (position) => aliases.index(position).child('ip'),
      'ip',
    ),
  );
  const secrets = of.child('imagePullSecrets');
  const secretNames = (spec.imagePullSecrets ?? []).map(({ name }) => name ?? '');
  warnings.push(...repeated(secretNames, (position) => secrets.index(position).child('name'), 'name'));
  for (const [position, name] of secretNames.entries())
    if (name === '') warnings.push(`${String(secrets.index(position).child('name'))}: invalid empty name ""`);
  for (const name of ['memory', 'ephemeral-storage'])
    warnings.push(...fractional(spec.overhead, of.child('overhead'), name));
  if (!spec.securityContext?.seccompProfile && SECCOMP_POD in marks)
    warnings.push(`${String(meta.key(SECCOMP_POD))}: non-functional in v1.27+; use the "seccompProfile" field instead`);
  const containers = containersWithPath(spec, of);
  const ofPod = spec.securityContext?.appArmorProfile;
  for (const [container, at] of containers) warnings.push(...ofContainer(container, marks, meta, at, isPod, ofPod));
  warnings.push(...ofPorts(containers));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    warnings.push(
      `${String(of.child('terminationGracePeriodSeconds'))}: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const)
    warnings.push(...ofPodTerms(spec.affinity?.[kind], of.child('affinity', kind)));
  return warnings;
}

/** A name that becomes a host's name should be a label. `use` says where it shows: `Pod names and hostnames`. */
export function hostnameWarning(name: string, use: string): string[] {
  const problems = dns1123Label(name);
  return problems.length === 0
    ? []
    : [
        `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
      ];
}
