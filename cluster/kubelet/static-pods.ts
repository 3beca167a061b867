/**
 * Static pods: what stands in a node's manifests runs there, whatever the API server thinks of it, and is shown there as a mirror pod.
 * A mirror pod that somebody deletes is shown again at once; the pod itself goes on.
 */
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type { Node, Pod } from '../api/types.ts';
import type { Controller, ControllerContext } from '../controllers/controller.ts';
import { isNodeOff } from '../controllers/node-lifecycle/index.ts';
import { MACHINES, machineState } from '../machines.ts';
import { NODE_FILES, nodeFiles } from '../node-files.ts';
import { StatusError } from '../api/status.ts';

const HASH = 'kubernetes.io/config.hash';
const MIRROR = 'kubernetes.io/config.mirror';
const SEEN = 'kubernetes.io/config.seen';
const SOURCE = 'kubernetes.io/config.source';

export const isMirrorPod = (pod: Pod): boolean => pod.metadata.annotations?.[MIRROR] !== undefined;

export const staticPods: Controller = {
  name: 'kubelet-static-pods',
  user: 'system:kubelet',
  watches: {
    [NODE_FILES]: ({ object }) => [object.metadata.name],
    [MACHINES]: ({ object }) => [object.metadata.name],
    nodes: ({ type, object }) => (type === 'ADDED' ? [object.metadata.name] : []),
    pods: ({ object }) => {
      const pod = object as Pod;
      return isMirrorPod(pod) && pod.spec?.nodeName ? [pod.spec.nodeName] : [];
    },
  },
  reconcile(name, context) {
    const { client } = context;
    const node = client.get<Node>('nodes', '', name);
    if (node === undefined || isNodeOff(client, name)) return;
    const wanted = new Map(manifestsOf(context, name).map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
    const shown = client.list<Pod>('pods').filter((pod) => isMirrorPod(pod) && pod.spec?.nodeName === name);
    for (const pod of shown) {
      const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
      const manifest = wanted.get(key);
      if (manifest?.hash === pod.metadata.annotations?.[HASH]) {
        // somebody deleted what is only a picture of the pod: it is hung up again
        if (pod.metadata.deletionTimestamp === undefined) wanted.delete(key);
        else remove(context, pod);
      } else remove(context, pod);
    }
    for (const [key, manifest] of wanted)
      show(
        context,
        node,
        manifest,
        shown.find((pod) => key === keyOf(pod)),
      );
  },
};

const keyOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

interface Manifest {
  namespace: string;
  name: string;
  hash: string;
  pod: Pod;
}

/** The same few texts stand in all clusters: each is read once. */
const readBefore = new Map<string, Partial<Pod> | null>();
const KEPT = 64;

/** null: no YAML. */
function read(text: string): Partial<Pod> | null {
  const known = readBefore.get(text);
  if (known !== undefined) return known;
  let pod: Partial<Pod> | null;
  try {
    pod = (parse(text) as Partial<Pod> | null) ?? null;
  } catch {
    pod = null;
  }
  if (readBefore.size >= KEPT) readBefore.clear();
  readBefore.set(text, pod);
  return pod;
}

/** A file that is no pod runs nothing: the kubelet only complains in its log. */
function manifestsOf({ client }: ControllerContext, node: string): Manifest[] {
  const { staticPodPath: folder } = machineState(client, node);
  if (folder === '') return [];
  return Object.entries(nodeFiles(client, node))
    .filter(([path]) => path.startsWith(`${folder}/`) && /^[^./][^/]*$/.test(path.slice(folder.length + 1)))
    .flatMap(([, text]): Manifest[] => {
      const pod = read(text);
      const name = pod?.metadata?.name;
      if (pod?.kind !== 'Pod' || typeof name !== 'string' || pod.spec === undefined) return [];
      const hash = createHash('md5').update(`${node}\n${text}`).digest('hex');
      return [{ namespace: pod.metadata?.namespace ?? 'default', name: `${name}-${node}`, hash, pod: pod as Pod }];
    });
}

const remove = ({ client }: ControllerContext, { metadata }: Pod): void =>
  client.delete('pods', metadata.namespace ?? '', metadata.name, { gracePeriodSeconds: 0 });

function show(
  context: ControllerContext,
  node: Node,
  { namespace, name, hash, pod }: Manifest,
  before: Pod | undefined,
) {
  const { client, clock } = context;
  const mirror: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...pod.metadata,
      name,
      namespace,
      annotations: {
        ...pod.metadata.annotations,
        [HASH]: hash,
        [MIRROR]: hash,
        [SEEN]: new Date(clock.now()).toISOString().replace('Z', '000000Z'),
        [SOURCE]: 'file',
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid ?? '', controller: true },
      ],
    },
    spec: {
      ...pod.spec,
      containers: pod.spec?.containers ?? [],
      nodeName: node.metadata.name,
      tolerations: [...(pod.spec?.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }],
    },
  };
  try {
    const created = client.create('pods', mirror);
    // the same containers as before go on under the new picture
    if (before?.metadata.annotations?.[HASH] === hash && before.status) {
      client.updateStatus<Pod>('pods', { ...created, status: before.status });
    }
  } catch (error) {
    // what the API server does not take runs without being seen; the kubelet complains in its log
    if (!(error instanceof StatusError)) throw error;
  }
}
