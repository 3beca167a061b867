/** Kept and shown; requests are not queued here. */
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

export type FlowSchema = KubeObject & {
  spec?: {
    priorityLevelConfiguration?: { name?: string };
    matchingPrecedence?: number;
    distinguisherMethod?: { type?: string };
  };
  status?: { conditions?: { type?: string; status?: string }[] };
};
export type PriorityLevelConfiguration = KubeObject & {
  spec?: {
    type?: string;
    limited?: {
      nominalConcurrencyShares?: number;
      limitResponse?: { queuing?: { queues?: number; handSize?: number; queueLengthLimit?: number } };
    };
  };
};

const GROUP = 'flowcontrol.apiserver.k8s.io';

export const flowSchema: Kind<FlowSchema> = {
  resource: `flowschemas.${GROUP}`,
  cells: ({ metadata, spec, status }) => [
    metadata.name,
    spec?.priorityLevelConfiguration?.name ?? '',
    spec?.matchingPrecedence ?? 0,
    spec?.distinguisherMethod?.type ?? '<none>',
    metadata.creationTimestamp ?? null,
    status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ],
};

export const priorityLevelConfiguration: Kind<PriorityLevelConfiguration> = {
  resource: `prioritylevelconfigurations.${GROUP}`,
  cells({ metadata, spec }) {
    const queuing = spec?.limited?.limitResponse?.queuing;
    return [
      metadata.name,
      spec?.type ?? '',
      spec?.limited?.nominalConcurrencyShares ?? '<none>',
      queuing?.queues ?? '<none>',
      queuing?.handSize ?? '<none>',
      queuing?.queueLengthLimit ?? '<none>',
      metadata.creationTimestamp ?? null,
    ];
  },
};
