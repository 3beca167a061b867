import type { ServiceAccount } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';

/** Secrets are referred to by name alone: whatever else a reference says is dropped. */
function cleanReferences(object: ServiceAccount): void {
  if (object.secrets) object.secrets = object.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}

export const serviceAccount: Kind<ServiceAccount> = {
  resource: 'serviceaccounts',
  prepareForCreate: cleanReferences,
  prepareForUpdate: cleanReferences,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};
