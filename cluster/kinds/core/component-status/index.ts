import type { KubeObject } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';

export type ComponentStatus = KubeObject & {
  conditions?: { type: string; status: string; message?: string; error?: string }[];
};

export const componentStatus: Kind<ComponentStatus> = {
  resource: 'componentstatuses',
  cells({ metadata, conditions }) {
    const health = conditions?.find(({ type }) => type === 'Healthy');
    if (!health) return [metadata.name, 'Unknown', '', ''];
    const status = health.status === 'True' ? 'Healthy' : 'Unhealthy';
    return [metadata.name, status, health.message ?? '', health.error ?? ''];
  },
};
