/** Every namespace has a ServiceAccount called default. */
import type { Namespace, ServiceAccount } from '../../api/types.ts';
import type { Controller } from '../controller.ts';
import { namespaceIsTerminating } from '../pod-control.ts';

const NAME = 'default';

export const serviceAccount: Controller = {
  name: 'serviceaccount-controller',
  user: 'system:serviceaccount:kube-system:service-account-controller',
  watches: {
    namespaces: ({ object }) => [object.metadata.name],
    serviceaccounts: ({ type, object }) =>
      type === 'DELETED' && object.metadata.name === NAME ? [object.metadata.namespace ?? ''] : [],
  },
  reconcile(name, { client }) {
    const namespace = client.get<Namespace>('namespaces', '', name);
    if (namespace === undefined || namespace.status?.phase === 'Terminating') return;
    if (client.get('serviceaccounts', name, NAME) !== undefined) return;
    try {
      client.create<ServiceAccount>('serviceaccounts', {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: NAME, namespace: name },
      });
    } catch (error) {
      if (!namespaceIsTerminating(error)) throw error;
    }
  },
};
