import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

export type ApiService = KubeObject & {
  spec?: { service?: { namespace?: string; name?: string } };
  status?: { conditions?: { type: string; status: string; reason?: string }[] };
};

export const apiService: Kind<ApiService> = {
  resource: 'apiservices.apiregistration.k8s.io',
  cells({ metadata, spec, status }) {
    const available = status?.conditions?.find(({ type }) => type === 'Available');
    let text = 'Unknown';
    if (available?.status === 'True') text = 'True';
    else if (available) text = `${available.status} (${available.reason ?? ''})`;
    const { namespace = '', name = '' } = spec?.service ?? {};
    return [metadata.name, spec?.service ? `${namespace}/${name}` : 'Local', text, metadata.creationTimestamp ?? null];
  },
};
