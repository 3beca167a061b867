/** A container's way to names and to other containers: by the rules of the cluster's network, to whatever listens. */
import type { EndpointSlice, Pod } from '../../api/types.ts';
import { nodeAddress } from '../../network/address.ts';
import { connect, ping, type NetworkContext } from '../../network/connect.ts';
import { lookup, type Lookup } from '../../network/dns/resolver.ts';
import type { Random, Reader } from '../../store/client.ts';
import type { Dialled, Network, Server } from '../shell/box.ts';
import { mute } from './servers.ts';

export interface Listening {
  /** Who listens in the pod on that port. */
  serverOf(uid: string, port: number): Server | undefined;
}
/** The kubelet's own. */
const NODE_PORTS = [10_250];

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

export class PodNetwork implements Network {
  readonly #listening: Listening;
  readonly #pod: Pod;
  readonly #context: NetworkContext;
  readonly address: string;

  constructor(store: Reader, listening: Listening, pod: Pod, address: string, random: Pick<Random, 'next'>) {
    this.#listening = listening;
    this.#pod = pod;
    this.address = address;
    const listeners: NetworkContext['listeners'] = {
      pod: ({ metadata, spec }, port, protocol) => {
        if (listening.serverOf(metadata.uid ?? '', port) === undefined) return false;
        return (
          protocol === 'TCP' ||
          (spec?.containers ?? []).some(({ ports = [] }) =>
            ports.some((one) => one.containerPort === port && one.protocol === protocol),
          )
        );
      },
      node: (node, port) => NODE_PORTS.includes(port) || isApiServer(store, nodeAddress(node) ?? '', port),
    };
    this.#context = { store, random, listeners };
  }

  /** As it is now: its labels may have changed since the container started, and its address may not be written yet. */
  get #own(): Pod {
    const { namespace = '', name, uid } = this.#pod.metadata;
    const stored = this.#context.store.get<Pod>('pods', namespace, name);
    const pod = stored?.metadata.uid === uid && stored !== undefined ? stored : this.#pod;
    return { ...pod, status: { ...pod.status, podIP: this.address } };
  }

  lookUp(name: string, type: 'A' | 'PTR' = 'A'): Lookup {
    return lookup(this.#own, name, type, this.#context);
  }

  dial(address: string, port: number): Dialled {
    const outcome = connect({ pod: this.#own }, { address, port, protocol: 'TCP' }, this.#context);
    switch (outcome.kind) {
      case 'connected': {
        const server = 'pod' in outcome ? this.#listening.serverOf(outcome.pod.metadata.uid ?? '', outcome.port) : mute;
        return server === undefined ? { kind: 'refused' } : { kind: 'open', peer: server(this.address) };
      }
      case 'outside':
        return isApiServer(this.#context.store, outcome.address, outcome.port)
          ? { kind: 'open', peer: mute(this.address) }
          : { kind: 'silent' };
      case 'dropped':
        return { kind: 'silent' };
      default:
        return outcome;
    }
  }
  ping(address: string): ReturnType<Network['ping']> {
    return ping({ pod: this.#own }, address, this.#context);
  }
}
