/** Deletes bootstrap tokens that have ended. */
import { BOOTSTRAP_TOKEN, bootstrapTokenEnd } from '../../access/bootstrap-tokens.ts';
import type { Secret } from '../../api/types.ts';
import type { Controller } from '../controller.ts';

const NAMESPACE = 'kube-system';

export const tokenCleaner: Controller = {
  name: 'token-cleaner-controller',
  user: 'system:serviceaccount:kube-system:token-cleaner',
  watches: {
    secrets: ({ type, object }) =>
      type !== 'DELETED' && object.metadata.namespace === NAMESPACE && (object as Secret).type === BOOTSTRAP_TOKEN
        ? [object.metadata.name]
        : [],
  },
  reconcile(name, { client, clock }) {
    const secret = client.get<Secret>('secrets', NAMESPACE, name);
    const end = secret?.type === BOOTSTRAP_TOKEN ? bootstrapTokenEnd(secret) : undefined;
    if (end === undefined) return undefined;
    const left = end - clock.now();
    if (left > 0) return { afterMs: left };
    client.delete('secrets', NAMESPACE, name);
    return undefined;
  },
};
