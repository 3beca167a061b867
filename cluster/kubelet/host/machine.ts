/** What is beneath the containers of a node. */
import { createHash } from 'node:crypto';
import type { KubeObject, Node, Pod } from '../../api/types.ts';
import { isNodeOff, switchNode } from '../../controllers/node-lifecycle/heartbeat.ts';
import { addToJournal, changeMachine, machineState, type JournalEntry, type MachineState } from '../../machines.ts';
import { controlPlaneNodes, nodeFiles } from '../../node-files.ts';
import type { Client, Keep } from '../../store/client.ts';
import { etcdData } from '../control-plane/etcd-data.ts';
import { etcdDatabases, type WholeStore } from '../control-plane/etcd-databases.ts';
import { readEtcdFlags } from '../control-plane/etcd-server.ts';
import type { EtcdMember, Machine } from '../shell/box.ts';

const ETCD_PKI = '/etc/kubernetes/pki/etcd';
const ID_DIGITS = 16;

const idOf = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, ID_DIGITS);

function memberOn(store: Keep, name: string): EtcdMember {
  const node = store.get<Node>('nodes', '', name);
  const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1';
  const peerUrl = `https://${address}:2380`;
  return { id: idOf(peerUrl), clusterId: idOf('etcd-cluster'), name, peerUrl, clientUrl: `https://${address}:2379` };
}

const isRunning = (pod: Pod | undefined): pod is Pod =>
  (pod?.status?.containerStatuses ?? []).some(({ state }) => state?.running !== undefined);

/** By what the pod's spec says, which is the same object as long as it says the same. */
const urlsOf = new WeakMap<object, readonly string[]>();

/** Where the etcd of that node takes clients. */
export function etcdListens(store: Keep, node: string): readonly string[] {
  const pod = store.get<Pod>('pods', 'kube-system', `etcd-${node}`);
  if (!isRunning(pod)) return [];
  const container = pod.spec?.containers[0];
  if (container === undefined) return [];
  const known = urlsOf.get(container);
  if (known) return known;
  const { command = [], args = [] } = container;
  const flags = readEtcdFlags([...command, ...args].slice(1));
  const urls = typeof flags === 'string' ? [] : (flags.get('listen-client-urls') ?? 'http://localhost:2379').split(',');
  urlsOf.set(container, urls);
  return urls;
}

/** A node that was switched off from outside (a scenario's step) has a kubelet that was stopped. */
function stateOf(store: Keep, node: string): MachineState {
  const state = machineState(store, node);
  const off = isNodeOff(store, node);
  if (!off && state.kubelet.state !== 'running') return { ...state, kubelet: { ...state.kubelet, state: 'running' } };
  return off && state.kubelet.state === 'running'
    ? { ...state, kubelet: { ...state.kubelet, state: 'stopped' } }
    : state;
}

export interface MachineParts {
  store: WholeStore;
  node: string;
  /** Asked for when the machine changes something. */
  client: () => Client;
  /** What an API server writes into an empty etcd, and the nodes that register there. */
  fresh: () => Readonly<Record<string, readonly KubeObject[]>>;
  authority: string;
  apiServes: () => boolean;
  container: Machine['container'];
  renew: Machine['renew'];
}

export function machineOf({
  store,
  node,
  client,
  fresh,
  authority,
  apiServes,
  container,
  renew,
}: MachineParts): Machine {
  const [first] = controlPlaneNodes(store);
  const own = {
    node,
    state: () => stateOf(store, node),
    change: (change: Partial<MachineState>) => changeMachine(store, node, change),
    log: (...entries: JournalEntry[]) => addToJournal(store, node, ...entries),
    switchKubelet: (on: boolean) => switchNode(client(), node, on),
    client,
    authority,
    apiServes,
    container,
    renew,
  };
  if (first === undefined) return own;
  const data = etcdData(store);
  return {
    ...own,
    etcd: {
      data,
      listens: () => etcdListens(store, first),
      databases: etcdDatabases(store, data, fresh),
      // asked for at every probe of the API server, where hardly any of it is needed
      get member() {
        return memberOn(store, first);
      },
      get server() {
        const files = nodeFiles(store, first);
        const certificate = files[`${ETCD_PKI}/server.crt`] ?? '';
        const trusted = files[`${ETCD_PKI}/ca.crt`] ?? '';
        return certificate === '' ? undefined : { certificate, authority: trusted };
      },
    },
  };
}
