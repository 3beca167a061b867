/** What is beneath the containers of a node. */
import { createHash } from 'node:crypto';
import type { Node } from '../../api/types.ts';
import { isNodeOff, switchNode } from '../../controllers/node-lifecycle/heartbeat.ts';
import { controlPlaneNodes, nodeFiles } from '../../node-files.ts';
import type { Client, Keep } from '../../store/client.ts';
import { etcdData } from '../control-plane/etcd-data.ts';
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

/** `client`: asked for when the machine changes something. */
export function machineOf(store: Keep, node: string, client: () => Client): Machine {
  const [first] = controlPlaneNodes(store);
  const kubelet = {
    kubeletRuns: () => !isNodeOff(store, node),
    switchKubelet: (on: boolean) => switchNode(client(), node, on),
  };
  if (first === undefined) return kubelet;
  const files = nodeFiles(store, first);
  const certificate = files[`${ETCD_PKI}/server.crt`] ?? '';
  const authority = files[`${ETCD_PKI}/ca.crt`] ?? '';
  return {
    ...kubelet,
    etcd: {
      data: etcdData(store),
      member: memberOn(store, first),
      ...(certificate === '' ? {} : { server: { certificate, authority } }),
    },
  };
}
