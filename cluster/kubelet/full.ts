/** A node with containers that pull, start, run, fail and end as they do on a real one. */
import { isTerminal } from '../api/pods.ts';
import { equal } from '../api/merge.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Again, Controller, ControllerContext } from '../controllers/controller.ts';
import { namespacedKey, splitKey } from '../controllers/controller.ts';
import { isNodeOff } from '../controllers/node-lifecycle/index.ts';
import { MACHINES, machineState } from '../machines.ts';
import { podsOn, type Client } from '../store/client.ts';
import { watchNode } from './node-pressure.ts';
import { begin, forget, goOn } from './pod-worker.ts';
import type { SimulatedRuntime } from './runtime/runtime.ts';
import { memoryOf } from './work.ts';

const keysOf = (pods: readonly Pod[]): string[] => pods.map(namespacedKey);

/** Pods whose wish for more was put off until others leave. */
function deferredOn(client: Client, gone: Pod): string[] {
  const { lives } = memoryOf(client);
  const keys: string[] = [];
  for (const life of lives.values()) {
    if (life.resize.pending?.reason !== 'Deferred' || life.pod?.spec?.nodeName !== gone.spec?.nodeName) continue;
    life.due = true;
    keys.push(life.key);
  }
  return keys;
}

/** Pods whose volumes show the object, which are to be brought up to date. */
const showing =
  (resource: string): Controller['watches'][string] =>
  ({ object }, { client }) => {
    const { shown, lives } = memoryOf(client);
    const keys = shown.get(`${resource}/${namespacedKey(object)}`);
    if (keys === undefined) return [];
    for (const life of lives.values()) if (keys.has(life.key)) life.refresh = true;
    return [...keys];
  };

/** Whether the node's kubelet runs, and has a runtime to run containers with. */
const looksAfter = (client: Client, name: string): boolean =>
  !isNodeOff(client, name) && machineState(client, name).containerd.runs;

/** A node whose containers have taken much: `/node01`. */
function lookAtNode(name: string, context: ControllerContext, runtime: SimulatedRuntime): Again {
  const node = context.client.get<Node>('nodes', '', name);
  if (node === undefined || !looksAfter(context.client, name)) return;
  const memory = memoryOf(context.client);
  const again = watchNode(context, memory, runtime, node);
  for (const life of memory.lives.values()) {
    const pod = life.pod;
    // who was told to go is looked at at once
    if (!life.due || life.ending === undefined || pod === undefined || pod.spec?.nodeName !== name) continue;
    const current = context.client.get<Pod>('pods', pod.metadata.namespace ?? '', pod.metadata.name);
    if (current !== undefined) goOn({ context, memory, runtime, life, pod: current, node });
  }
  return again === Infinity ? undefined : { afterMs: Math.max(1, again - context.clock.now()) };
}

export const makeFullKubelet = (runtime: SimulatedRuntime): Controller => ({
  name: 'kubelet',
  user: 'system:kubelet',
  watches: {
    pods: ({ type, object }, { client }) => {
      const pod = object as Pod;
      if (type !== 'DELETED') return pod.spec?.nodeName ? [namespacedKey(pod)] : [];
      forget(memoryOf(client), pod);
      runtime.forgetPod(pod.metadata.uid ?? '');
      return deferredOn(client, pod);
    },
    nodes: ({ type, object }, { client }) => (type === 'ADDED' ? keysOf(podsOn(client, object.metadata.name)) : []),
    // a node that is switched on again looks after its pods
    'leases.coordination.k8s.io': ({ type, object, old }, { client }) =>
      type === 'MODIFIED' && !equal(object.metadata.annotations, old?.metadata.annotations)
        ? keysOf(podsOn(client, object.metadata.name))
        : [],
    [MACHINES]: ({ object }, { client }) => keysOf(podsOn(client, object.metadata.name)),
    configmaps: showing('configmaps'),
    secrets: showing('secrets'),
  },
  reconcile(key, context): Again {
    const { client, clock } = context;
    const { namespace, name } = splitKey(key);
    if (namespace === '') return lookAtNode(name, context, runtime);
    const pod = client.get<Pod>('pods', namespace, name);
    const node = pod?.spec?.nodeName ? client.get<Node>('nodes', '', pod.spec.nodeName) : undefined;
    if (pod === undefined || node === undefined || !looksAfter(client, node.metadata.name)) return;
    const memory = memoryOf(client);
    const known = memory.lives.get(pod.metadata.uid ?? '');
    // nothing is left to do for a pod that has ended but to let it go
    if (known === undefined && isTerminal(pod) && pod.metadata.deletionTimestamp === undefined) return;
    const life = known ?? begin(memory, key, pod, clock.now());
    const again = goOn({ context, memory, runtime, life, pod, node });
    return again === Infinity ? undefined : { afterMs: Math.max(1, again - clock.now()) };
  },
});
