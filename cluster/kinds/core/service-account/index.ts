import type { ServiceAccount } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';

const ENFORCE = 'kubernetes.io/enforce-mountable-secrets';

/** Secrets are referred to by name alone: whatever else a reference says is dropped. */
function cleanReferences(object: ServiceAccount): void {
  if (object.secrets) object.secrets = object.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}

export const serviceAccount: Kind<ServiceAccount> = {
  resource: 'serviceaccounts',
  prepareForCreate: cleanReferences,
  prepareForUpdate: cleanReferences,
  warnings: ({ metadata }, old) =>
    metadata.annotations?.[ENFORCE] !== undefined && old?.metadata.annotations?.[ENFORCE] === undefined
      ? [
          `metadata.annotations[${ENFORCE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};
