/** What can be done to a cluster in one step: by a scenario's setup, and by a trial on a copy. */
import type { DaemonSet, KubeObject, Node, Pod } from './api/types.ts';
import { isTerminal } from './api/pods.ts';
import { StatusError } from './api/status.ts';
import type { Cluster } from './cluster.ts';
import { switchNode } from './controllers/node-lifecycle/index.ts';
import { customResourceOf, customResources } from './custom-resources/index.ts';
import { schemaFor } from './registry/decode.ts';
import { decodeObject } from './schema/decode.ts';
import { groupVersion, resourceName, type ResourceInfo } from './schema/resources.ts';
import type { Client } from './store/client.ts';

export interface ObjectRef {
  apiVersion?: string;
  kind: string;
  name: string;
  /** Default: default, for kinds that live in one. */
  namespace?: string;
}

export type Step =
  | { apply: KubeObject[] }
  | { delete: ObjectRef }
  | { cordon: string }
  | { uncordon: string }
  | { taint: { node: string; key: string; value?: string; effect: string } }
  | { label: { node: string; labels: Record<string, string> } }
  /** Cordons a node and evicts its pods, as kubectl drain --ignore-daemonsets --force --delete-emptydir-data does. */
  | { drain: string }
  /** A node's kubelet falls silent: the machine is lost. */
  | { stop: string }
  | { start: string }
  /** Milliseconds. */
  | { advance: number };

/** Milliseconds between attempts to evict a pod whose budget is used up, as kubectl waits. */
const EVICT_AGAIN_MS = 5000;
/** Milliseconds after which a drain gives up. */
const DRAIN_MS = 5 * 60_000;
const MIRROR = 'kubernetes.io/config.mirror';

/** Ends when the cluster is at rest. @throws StatusError what the API refuses, Error for a kind or node that is not there */
export function takeStep(cluster: Cluster, step: Step, client: Client): void {
  if ('apply' in step) {
    for (const object of step.apply) {
      apply(client, object);
      // a pod right after its namespace: the namespace's service account has to be there first
      cluster.settle();
    }
  } else if ('delete' in step) remove(client, step.delete);
  else if ('cordon' in step) cordon(client, step.cordon);
  else if ('uncordon' in step)
    changeNode(client, step.uncordon, (node) => ({ ...node.spec, unschedulable: undefined }));
  else if ('taint' in step) {
    const { node: name, ...taint } = step.taint;
    changeNode(client, name, (node) => ({ ...node.spec, taints: [...(node.spec?.taints ?? []), taint] }));
  } else if ('label' in step) label(client, step.label.node, step.label.labels);
  else if ('drain' in step) drain(cluster, step.drain, client);
  else if ('stop' in step) switchNode(client, nodeOf(client, step.stop).metadata.name, false);
  else if ('start' in step) switchNode(client, nodeOf(client, step.start).metadata.name, true);
  else cluster.advance(step.advance);
  cluster.settle();
}

function infoOf(client: Client, { kind, apiVersion }: { kind: string; apiVersion?: string }): ResourceInfo {
  const { all } = customResources(client);
  const info = all.find((one) => one.kind === kind && (apiVersion === undefined || groupVersion(one) === apiVersion));
  if (!info)
    throw new Error(`no resource for kind ${kind}${apiVersion === undefined ? '' : ` in version ${apiVersion}`}`);
  return info;
}

function apply(client: Client, manifest: KubeObject): void {
  const info = infoOf(client, manifest);
  const copy = structuredClone(manifest);
  const object = customResourceOf(info) ? copy : decodeObject(copy, schemaFor(info)).object;
  const resource = resourceName(info);
  const { metadata } = object;
  const namespace = info.namespaced ? (metadata.namespace ?? 'default') : '';
  if (info.namespaced) metadata.namespace = namespace;
  if (metadata.name && client.get(resource, namespace, metadata.name)) client.update(resource, object);
  else client.create(resource, object);
}

function remove(client: Client, ref: ObjectRef): void {
  const info = infoOf(client, ref);
  const resource = resourceName(info);
  const namespace = info.namespaced ? (ref.namespace ?? 'default') : '';
  if (client.get(resource, namespace, ref.name) === undefined) {
    throw new Error(`there is no ${ref.kind} ${namespace === '' ? '' : `${namespace}/`}${ref.name}`);
  }
  client.delete(resource, namespace, ref.name);
}

function nodeOf(client: Client, name: string): Node {
  const node = client.get<Node>('nodes', '', name);
  if (!node) throw new Error(`there is no node ${name}`);
  return structuredClone(node);
}

function changeNode(client: Client, name: string, spec: (node: Node) => Node['spec']): void {
  const node = nodeOf(client, name);
  client.update('nodes', { ...node, spec: spec(node) });
}
const cordon = (client: Client, name: string) =>
  changeNode(client, name, (node) => ({ ...node.spec, unschedulable: true }));

function label(client: Client, name: string, labels: Record<string, string>): void {
  const node = nodeOf(client, name);
  node.metadata.labels = { ...node.metadata.labels, ...labels };
  client.update('nodes', node);
}

/** @throws StatusError the refusal of the last eviction, when the budget does not allow it in time */
function drain(cluster: Cluster, name: string, client: Client): void {
  cordon(client, name);
  const leaving = client.list<Pod>('pods').filter((pod) => pod.spec?.nodeName === name && isDrained(client, pod));
  const end = cluster.now + DRAIN_MS;
  const isThere = ({ metadata: { namespace = '', name: pod, uid } }: Pod) =>
    client.get<Pod>('pods', namespace, pod)?.metadata.uid === uid;
  let waiting = leaving;
  while (waiting.length > 0) {
    const refusals = waiting.flatMap((pod) => evict(client, pod) ?? []);
    cluster.advance(EVICT_AGAIN_MS);
    waiting = waiting.filter(isThere);
    const [refusal] = refusals;
    if (cluster.now < end || waiting.length === 0) continue;
    throw refusal ?? new Error(`pods are still on ${name} after ${DRAIN_MS / 60_000} minutes`);
  }
}

function isDrained(client: Client, pod: Pod): boolean {
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return false;
  const owner = (pod.metadata.ownerReferences ?? []).find(({ controller }) => controller === true);
  const isDaemon =
    owner?.kind === 'DaemonSet' &&
    client.get<DaemonSet>('daemonsets.apps', pod.metadata.namespace ?? '', owner.name) !== undefined;
  return !isDaemon || isTerminal(pod);
}

/** Why it may not go yet. */
function evict(client: Client, { metadata: { namespace = '', name } }: Pod): StatusError | undefined {
  const pod = client.get<Pod>('pods', namespace, name);
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  try {
    client.createSubresource('pods', namespace, name, 'eviction', eviction);
    return undefined;
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 429) return error;
    throw error;
  }
}
