/** A container's way to names and to other containers: by the rules of the cluster's network, to whatever listens. */
import type { EndpointSlice, Node, Pod } from '../../api/types.ts';
import { nodeAddress, type Protocol } from '../../network/address.ts';
import type { Affinity } from '../../network/affinity.ts';
import { connect, ping, type NetworkContext, type Source } from '../../network/connect.ts';
import { ask, type Reply } from '../../network/dns/resolver.ts';
import type { Question } from '../../network/dns/server.ts';
import type { Random, Reader } from '../../store/client.ts';
import type { Dialled, Network, Server } from '../shell/box.ts';
import { nodeServer } from './node-servers.ts';

export interface Listening {
  /** Who listens in the pod on that port. */
  serverOf(uid: string, port: number): Server | undefined;
  /** A file of one of the pod's containers. */
  readFile?(uid: string, path: string): string | undefined;
  /** The API server, as pods reach it. Absent: it takes connections and says nothing. */
  api?: Server | undefined;
  /** Whether it takes connections. Default: it does. */
  apiListens?(): boolean;
  affinity?: Affinity;
}

/** It runs on a node, or beside a cluster whose nodes do not run it. */
const isApiServer = (store: Reader, address: string, port: number): boolean =>
  store
    .list<EndpointSlice>('endpointslices.discovery.k8s.io', 'default')
    .some(
      ({ metadata, endpoints, ports }) =>
        metadata.labels?.['kubernetes.io/service-name'] === 'kubernetes' &&
        (ports ?? []).some((one) => one.port === port) &&
        (endpoints ?? []).some(({ addresses }) => addresses.includes(address)),
    );

/** Takes connections and says nothing. */
const mute: Server = () => ({ closed: false, say: () => '' });

/** The network as somebody in it sees it. */
abstract class OwnNetwork implements Network {
  readonly #listening: Listening;
  readonly #context: NetworkContext;
  readonly address: string;

  constructor(store: Reader, listening: Listening, address: string, random: Pick<Random, 'next'>) {
    this.#listening = listening;
    this.address = address;
    const uidOf = ({ metadata }: Pod) => metadata.uid ?? '';
    const listeners: NetworkContext['listeners'] = {
      pod: (target, port, protocol) => {
        const server = listening.serverOf(uidOf(target), port);
        if (server === undefined) return false;
        if (protocol === 'TCP' || server.corefile !== undefined) return true;
        return (target.spec?.containers ?? []).some(({ ports = [] }) =>
          ports.some((one) => one.containerPort === port && one.protocol === protocol),
        );
      },
      node: (node, port, protocol) =>
        protocol === 'TCP' &&
        (nodeServer(store, node, port) !== undefined ||
          (isApiServer(store, nodeAddress(node) ?? '', port) && listening.apiListens?.() !== false)),
      corefile: (target, port) => listening.serverOf(uidOf(target), port)?.corefile?.(),
      readFile: (target, path) => listening.readFile?.(uidOf(target), path),
    };
    this.#context = { store, random, listeners, affinity: listening.affinity };
  }

  get objects(): Reader {
    return this.#context.store;
  }

  /** Who opens connections, as it is now. */
  protected abstract get source(): Source;

  ask(server: string, question: Question): Reply {
    return ask(this.source, server, question, this.#context);
  }

  dial(address: string, port: number, protocol: Protocol = 'TCP'): Dialled {
    const { store } = this.#context;
    const outcome = connect(this.source, { address, port, protocol }, this.#context);
    const api = this.#listening.api ?? mute;
    switch (outcome.kind) {
      case 'connected': {
        const target = 'pod' in outcome ? (outcome.pod.status?.podIP ?? '') : (nodeAddress(outcome.node) ?? '');
        if (isApiServer(store, target, outcome.port)) {
          if (this.#listening.apiListens?.() === false) return { kind: 'refused' };
          return { kind: 'open', peer: api(this.address) };
        }
        const server =
          'pod' in outcome
            ? this.#listening.serverOf(outcome.pod.metadata.uid ?? '', outcome.port)
            : nodeServer(store, outcome.node, outcome.port);
        return server === undefined ? { kind: 'refused' } : { kind: 'open', peer: server(this.address) };
      }
      case 'outside':
        return isApiServer(store, outcome.address, outcome.port)
          ? { kind: 'open', peer: api(this.address) }
          : { kind: 'silent' };
      case 'dropped':
        return { kind: 'silent' };
      default:
        return outcome;
    }
  }
  ping(address: string): ReturnType<Network['ping']> {
    return ping(this.source, address, this.#context);
  }
}

export class PodNetwork extends OwnNetwork {
  readonly #pod: Pod;

  constructor(store: Reader, listening: Listening, pod: Pod, address: string, random: Pick<Random, 'next'>) {
    super(store, listening, address, random);
    this.#pod = pod;
  }

  /** Its labels may have changed since the container started, and its address may not be written yet. */
  protected get source(): Source {
    const { namespace = '', name, uid } = this.#pod.metadata;
    const stored = this.objects.get<Pod>('pods', namespace, name);
    const pod = stored?.metadata.uid === uid && stored !== undefined ? stored : this.#pod;
    return { pod: { ...pod, status: { ...pod.status, podIP: this.address } } };
  }
}

/** Of a node itself. */
export class NodeNetwork extends OwnNetwork {
  readonly #node: Node;

  constructor(store: Reader, listening: Listening, node: Node, random: Pick<Random, 'next'>) {
    super(store, listening, nodeAddress(node) ?? '', random);
    this.#node = node;
  }

  protected get source(): Source {
    return { node: this.#node };
  }
}
