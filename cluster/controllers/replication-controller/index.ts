/** ReplicationControllers: as ReplicaSets, with a plain map of labels as selector. */
import type { ReplicationController } from '../../api/types.ts';
import type { Controller } from '../controller.ts';
import { replicaController } from '../replicas.ts';

export const replicationController: Controller = replicaController({
  name: 'replicationcontroller-controller',
  user: 'system:serviceaccount:kube-system:replication-controller',
  component: 'replication-controller',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  selectorOf: (owner) => {
    const matchLabels = (owner as ReplicationController).spec?.selector ?? {};
    return Object.keys(matchLabels).length === 0 ? undefined : { matchLabels };
  },
  reportsTerminating: false,
});
