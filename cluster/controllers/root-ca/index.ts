/** Publishes the cluster's certificate authority to every namespace, for pods that talk to the API server. */
import type { ConfigMap, Namespace } from '../../api/types.ts';
import type { Controller } from '../controller.ts';
import { namespaceIsTerminating } from '../pod-control.ts';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** `pem`: the certificate as text. */
export const rootCa = (pem: string): Controller => ({
  name: 'root-ca-certificate-publisher-controller',
  user: 'system:serviceaccount:kube-system:root-ca-cert-publisher',
  watches: {
    namespaces: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]),
    configmaps: ({ object }) => (object.metadata.name === NAME ? [object.metadata.namespace ?? ''] : []),
  },
  reconcile(name, { client }) {
    const namespace = client.get<Namespace>('namespaces', '', name);
    if (namespace === undefined || namespace.status?.phase !== 'Active') return;
    const current = client.get<ConfigMap>('configmaps', name, NAME);
    const wanted: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        ...(current?.metadata ?? { name: NAME, namespace: name }),
        annotations: { ...current?.metadata.annotations, 'kubernetes.io/description': DESCRIPTION },
      },
      data: { 'ca.crt': pem },
    };
    try {
      if (current === undefined) client.create('configmaps', wanted);
      else if (Object.keys(current.data ?? {}).length !== 1 || current.data?.['ca.crt'] !== pem) {
        client.update('configmaps', wanted);
      }
    } catch (error) {
      if (!namespaceIsTerminating(error)) throw error;
    }
  },
});
