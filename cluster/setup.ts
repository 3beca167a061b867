/** Brings a fresh cluster to a scenario's starting state: manifests and steps in time. */
import type { KubeObject, Node } from './api/types.ts';
import type { Cluster } from './cluster.ts';
import { decodeObject } from './schema/decode.ts';
import { schemaFor } from './registry/decode.ts';
import { customResourceOf, customResources } from './custom-resources/index.ts';
import { groupVersion, resourceName } from './schema/resources.ts';
import type { Client } from './store/client.ts';

export type SetupStep =
  | { apply: KubeObject[] }
  | { cordon: string }
  | { uncordon: string }
  | { taint: { node: string; key: string; value?: string; effect: string } }
  | { label: { node: string; labels: Record<string, string> } }
  /** Milliseconds. */
  | { advance: number };

/** Runs the steps in order, each until the cluster is at rest. @throws StatusError what the API refuses, Error for a kind or node that is not there */
export function setUp(cluster: Cluster, steps: readonly SetupStep[]): void {
  const client = cluster.client('system:setup');
  for (const step of steps) {
    if ('apply' in step) {
      for (const object of step.apply) {
        apply(client, object);
        // a pod right after its namespace: the namespace's service account has to be there first
        cluster.settle();
      }
    } else if ('cordon' in step) changeNode(client, step.cordon, (node) => ({ ...node.spec, unschedulable: true }));
    else if ('uncordon' in step)
      changeNode(client, step.uncordon, (node) => ({ ...node.spec, unschedulable: undefined }));
    else if ('taint' in step) {
      const { node: name, ...taint } = step.taint;
      changeNode(client, name, (node) => ({ ...node.spec, taints: [...(node.spec?.taints ?? []), taint] }));
    } else if ('label' in step) label(client, step.label.node, step.label.labels);
    else cluster.advance(step.advance);
    cluster.settle();
  }
}

function apply(client: Client, manifest: KubeObject): void {
  const { all } = customResources(client);
  const info = all.find((one) => groupVersion(one) === manifest.apiVersion && one.kind === manifest.kind);
  if (!info) throw new Error(`no resource for kind ${manifest.kind} in version ${manifest.apiVersion}`);
  const copy = structuredClone(manifest);
  const object = customResourceOf(info) ? copy : decodeObject(copy, schemaFor(info)).object;
  const resource = resourceName(info);
  const { metadata } = object;
  const namespace = info.namespaced ? (metadata.namespace ?? 'default') : '';
  if (info.namespaced) metadata.namespace = namespace;
  if (metadata.name && client.get(resource, namespace, metadata.name)) client.update(resource, object);
  else client.create(resource, object);
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

function label(client: Client, name: string, labels: Record<string, string>): void {
  const node = nodeOf(client, name);
  node.metadata.labels = { ...node.metadata.labels, ...labels };
  client.update('nodes', node);
}
