/** What the server fills in where a pod's spec says nothing. */
import { podLimits, podRequests } from '../../api/pods.ts';
import { parseQuantity, quantity } from '../../api/quantity.ts';
import type { Container, Pod, PodSpec, ResourceList, ResourceRequirements, Volume } from '../../api/types.ts';
import { defaultPullPolicy } from './image.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type HttpGet = NonNullable<Probe['httpGet']>;

/** Amounts finer than a thousandth are rounded up to it. */
export function roundUpToMilli(amounts: ResourceList | undefined): void {
  for (const [name, text] of Object.entries(amounts ?? {})) {
    if (!/[nu]$|e-/i.test(text)) continue;
    const amount = parseQuantity(text);
    if (amount && amounts) amounts[name] = quantity(`${amount.milliValue()}m`).toString();
  }
}

function roundResources(resources: ResourceRequirements | undefined): void {
  roundUpToMilli(resources?.limits);
  roundUpToMilli(resources?.requests);
}

function defaultHttpGet(action: HttpGet | undefined): void {
  if (!action) return;
  if (!action.path) action.path = '/';
  if (!action.scheme) action.scheme = 'HTTP';
}

function defaultProbe(probe: Probe | undefined): void {
  if (!probe) return;
  if (!probe.timeoutSeconds) probe.timeoutSeconds = 1;
  if (!probe.periodSeconds) probe.periodSeconds = 10;
  if (!probe.successThreshold) probe.successThreshold = 1;
  if (!probe.failureThreshold) probe.failureThreshold = 3;
  defaultHttpGet(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= '';
}

function defaultEnv(container: Container): void {
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef && !valueFrom.fieldRef.apiVersion) valueFrom.fieldRef.apiVersion = 'v1';
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0';
    if (valueFrom?.fileKeyRef) valueFrom.fileKeyRef.optional ??= false;
  }
}

function defaultContainer(container: Container): void {
  if (!container.imagePullPolicy) container.imagePullPolicy = defaultPullPolicy(container.image ?? '');
  if (!container.terminationMessagePath) container.terminationMessagePath = '/dev/termination-log';
  if (!container.terminationMessagePolicy) container.terminationMessagePolicy = 'File';
  container.resources ??= {};
  for (const port of container.ports ?? []) if (!port.protocol) port.protocol = 'TCP';
  defaultEnv(container);
  roundResources(container.resources);
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
  defaultHttpGet(container.lifecycle?.postStart?.httpGet);
  defaultHttpGet(container.lifecycle?.preStop?.httpGet);
}

const FILES_MODE = 0o644;

type DownwardFile = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];
function defaultDownwardFiles(files: DownwardFile[] | undefined): void {
  for (const { fieldRef, resourceFieldRef } of files ?? []) {
    if (fieldRef && !fieldRef.apiVersion) fieldRef.apiVersion = 'v1';
    if (resourceFieldRef) resourceFieldRef.divisor ??= '0';
  }
}

function defaultProjected(projected: NonNullable<Volume['projected']>): void {
  projected.defaultMode ??= FILES_MODE;
  for (const source of projected.sources ?? []) {
    defaultDownwardFiles(source.downwardAPI?.items);
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
  }
}

function defaultVolume(volume: Volume): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {};
  const { image, hostPath, secret, configMap, downwardAPI, projected, ephemeral, iscsi, rbd, azureDisk, scaleIO } =
    volume;
  if (image && !image.pullPolicy) image.pullPolicy = defaultPullPolicy(image.reference ?? '');
  if (hostPath) hostPath.type ??= '';
  if (secret) secret.defaultMode ??= FILES_MODE;
  if (configMap) configMap.defaultMode ??= FILES_MODE;
  if (iscsi && !iscsi.iscsiInterface) iscsi.iscsiInterface = 'default';
  if (rbd) {
    if (!rbd.pool) rbd.pool = 'rbd';
    if (!rbd.user) rbd.user = 'admin';
    if (!rbd.keyring) rbd.keyring = '/etc/ceph/keyring';
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= 'ReadWrite';
    azureDisk.kind ??= 'Shared';
    azureDisk.fsType ??= 'ext4';
    azureDisk.readOnly ??= false;
  }
  if (scaleIO) {
    if (!scaleIO.storageMode) scaleIO.storageMode = 'ThinProvisioned';
    if (!scaleIO.fsType) scaleIO.fsType = 'xfs';
  }
  if (downwardAPI) {
    downwardAPI.defaultMode ??= FILES_MODE;
    defaultDownwardFiles(downwardAPI.items);
  }
  if (projected) defaultProjected(projected);
  if (ephemeral?.volumeClaimTemplate?.spec) {
    ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem';
    roundResources(ephemeral.volumeClaimTemplate.spec.resources);
  }
}

/** `serviceAccount` is an old name of `serviceAccountName`: both are always shown, the new one wins. */
function aliasServiceAccount(spec: PodSpec): void {
  if (!spec.serviceAccountName && spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount;
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
}

/** The defaults that pods and templates of pods have in common. Mutates; a second run changes nothing. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.containers ??= [];
  if (!spec.dnsPolicy) spec.dnsPolicy = 'ClusterFirst';
  if (!spec.restartPolicy) spec.restartPolicy = 'Always';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  if (!spec.schedulerName) spec.schedulerName = 'default-scheduler';
  aliasServiceAccount(spec);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of spec.initContainers ?? []) defaultContainer(container);
  for (const container of spec.containers ?? []) defaultContainer(container);
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container);
  roundUpToMilli(spec.overhead);
  roundResources(spec.resources);
}

function requestWhatIsLimited(container: Container): void {
  const { resources } = container;
  if (!resources?.limits || Object.keys(resources.limits).length === 0) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

const POD_LEVEL = /^(cpu|memory|hugepages-.+)$/;

/** Resources of the pod as a whole: what it leaves out follows from its containers, then from its limits. */
function defaultPodLevelResources(pod: Pod, spec: PodSpec): void {
  const { resources } = spec;
  if (!resources) return;
  const containersOnly = { ...pod, spec: { ...spec, resources: undefined, overhead: undefined } };
  if (Object.keys({ ...resources.limits, ...resources.requests }).length > 0) {
    for (const [name, amount] of podLimits(containersOnly)) {
      if (!name.startsWith('hugepages-') || resources.requests?.[name] !== undefined) continue;
      if (resources.limits?.[name] === undefined) resources.limits = { ...resources.limits, [name]: amount.toString() };
    }
  }
  if (Object.keys(resources.limits ?? {}).length === 0) return;
  const requests: ResourceList = { ...resources.requests };
  for (const [name, amount] of podRequests(containersOnly))
    if (name === 'cpu' || name === 'memory') requests[name] ??= amount.toString();
  for (const [name, amount] of Object.entries(resources.limits ?? {}))
    if (POD_LEVEL.test(name)) requests[name] ??= amount;
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

function hostPortsOfContainerPorts(containers: readonly Container[]): void {
  for (const container of containers)
    for (const port of container.ports ?? []) if (!port.hostPort) port.hostPort = port.containerPort;
}

/** The defaults of a pod itself: those of its spec, and those that a template does not get yet. */
export function defaultPod(pod: Pod): void {
  const spec = (pod.spec ??= { containers: [] });
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) requestWhatIsLimited(container);
  defaultPodLevelResources(pod, spec);
  spec.enableServiceLinks ??= true;
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  if (spec.hostNetwork) hostPortsOfContainerPorts([...(spec.containers ?? []), ...(spec.initContainers ?? [])]);
  defaultPodSpec(spec);
}
