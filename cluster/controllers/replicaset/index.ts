/** ReplicaSets: keeps `replicas` pods that match the selector. */
import type { ReplicaSet } from '../../api/types.ts';
import type { Controller } from '../controller.ts';
import { replicaController } from '../replicas.ts';

export const replicaset: Controller = replicaController({
  name: 'replicaset-controller',
  component: 'replicaset-controller',
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  selectorOf: (owner) => (owner as ReplicaSet).spec?.selector,
  reportsTerminating: true,
});
