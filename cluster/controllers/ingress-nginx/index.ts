/**
 * What an ingress controller of nginx writes: the addresses under which its Ingresses are reached. No part of the controller
 * manager: it acts where pods of its image run (see docs/decisions/009).
 */
import { equal } from '../../api/merge.ts';
import { isPodReady } from '../../api/pods.ts';
import type { Ingress, Node, Pod, Service } from '../../api/types.ts';
import { nodeAddress } from '../../network/address.ts';
import { ingressesOf, NGINX_OPTIONS, type ControllerOptions } from '../../network/http/ingress.ts';
import type { Client, Reader } from '../../store/client.ts';
import type { Controller, ControllerContext } from '../controller.ts';

const INGRESSES = 'ingresses.networking.k8s.io';
const CLASSES = 'ingressclasses.networking.k8s.io';
const COMPONENT = 'nginx-ingress-controller';
const IMAGE = /(^|\/)(ingress-nginx\/controller|nginx-ingress-controller)(:|@|$)/;
/** All Ingresses are looked at together. */
const KEY = 'ingresses';

type Address = NonNullable<NonNullable<NonNullable<Ingress['status']>['loadBalancer']>['ingress']>[number];

interface Memory {
  /** Versions of Ingresses that were told of, by uid. */
  told: Map<string, string>;
  /** Uids of those whose status is ours. */
  written: Set<string>;
}
const memories = new WeakMap<Client, Memory>();
function memoryOf(client: Client): Memory {
  const known = memories.get(client) ?? { told: new Map(), written: new Set() };
  memories.set(client, known);
  return known;
}

const containerOf = ({ spec }: Pod) => (spec?.containers ?? []).find(({ image = '' }) => IMAGE.test(image));

const flagsOf = (pod: Pod): ReadonlyMap<string, string> => {
  const container = containerOf(pod);
  return new Map(
    [...(container?.command ?? []), ...(container?.args ?? [])].flatMap((word): [string, string][] => {
      const match = /^--([\w-]+)(?:=(.*))?$/s.exec(word);
      return match ? [[match[1] ?? '', match[2] ?? 'true']] : [];
    }),
  );
};

const optionsOf = (flags: ReadonlyMap<string, string>): ControllerOptions => ({
  controller: flags.get('controller-class') ?? NGINX_OPTIONS.controller,
  annotation: flags.get('ingress-class') ?? NGINX_OPTIONS.annotation,
  classless: flags.get('watch-ingress-without-class') === 'true',
  namespace: flags.get('watch-namespace') ?? '',
});

const byText = (a: Address, b: Address): number => ((a.ip ?? a.hostname ?? '') < (b.ip ?? b.hostname ?? '') ? -1 : 1);

/** Those of the Service that it publishes; without one, of the nodes that it runs on. */
function addressesOf(store: Reader, pods: readonly Pod[], flags: ReadonlyMap<string, string>): Address[] {
  const given = flags.get('publish-status-address');
  if (given) return given.split(',').map((one) => (/^[\d.:]+$/.test(one) ? { ip: one } : { hostname: one }));
  const published = flags.get('publish-service')?.replace('$(POD_NAMESPACE)', pods[0]?.metadata.namespace ?? '');
  if (published) {
    const [namespace = '', name = ''] = published.split('/');
    const service = store.get<Service>('services', namespace, name);
    const { type, clusterIP, externalIPs = [], externalName } = service?.spec ?? {};
    if (type === 'ExternalName') return [{ hostname: externalName ?? '' }];
    const external = externalIPs.map((ip): Address => ({ ip }));
    if (type === 'LoadBalancer') {
      const own = (service?.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
        ip ? { ip } : { hostname: hostname ?? '' },
      );
      return [...own, ...external].toSorted(byText);
    }
    if (type === 'NodePort' && external.length > 0) return external.toSorted(byText);
    return clusterIP ? [{ ip: clusterIP }] : [];
  }
  const nodes = new Set(pods.map(({ spec }) => spec?.nodeName ?? ''));
  return [...nodes]
    .flatMap((name): Address[] => {
      const node = store.get<Node>('nodes', '', name);
      const ip = node && nodeAddress(node);
      return ip ? [{ ip }] : [];
    })
    .toSorted(byText);
}

export const ingressNginx: Controller = {
  name: 'ingress-nginx-controller',
  user: 'system:serviceaccount:ingress-nginx:ingress-nginx',
  watches: {
    [INGRESSES]: () => [KEY],
    [CLASSES]: () => [KEY],
    // who publishes a Service says so in its pods, of which there are few
    services: (_change, { client }) => (memoryOf(client).written.size > 0 ? [KEY] : []),
    pods: ({ object }) => (containerOf(object) ? [KEY] : []),
  },
  reconcile(_key, context) {
    const { client } = context;
    const pods = client.list<Pod>('pods').filter((pod) => containerOf(pod) && isPodReady(pod));
    const [leader] = pods;
    const memory = memoryOf(client);
    if (leader === undefined) {
      for (const ingress of client.list<Ingress>(INGRESSES)) {
        if (memory.written.delete(ingress.metadata.uid ?? '')) write(context, ingress, []);
      }
      return;
    }
    const flags = flagsOf(leader);
    const addresses = addressesOf(client, pods, flags);
    for (const ingress of ingressesOf(client, optionsOf(flags))) {
      const { uid = '', resourceVersion = '' } = ingress.metadata;
      memory.written.add(uid);
      if (memory.told.get(uid) !== resourceVersion) {
        memory.told.set(uid, resourceVersion);
        context.events.event(COMPONENT, {
          regarding: ingress,
          type: 'Normal',
          reason: 'Sync',
          message: 'Scheduled for sync',
        });
      }
      write(context, ingress, addresses);
    }
  },
};

function write({ client }: ControllerContext, ingress: Ingress, addresses: Address[]): void {
  const current = (ingress.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => (ip ? { ip } : { hostname }));
  if (equal(current, addresses)) return;
  const loadBalancer = addresses.length === 0 ? {} : { ingress: addresses };
  client.updateStatus<Ingress>(INGRESSES, { ...ingress, status: { ...ingress.status, loadBalancer } });
}
