/** Whether a user may approve or sign for a signer: named wholly, or by its domain as `example.com/*`. */
import type { UserInfo } from '../admission/plugin.ts';
import type { Reader } from '../store/client.ts';
import { authorize } from './authorizer.ts';

export function mayHandle(store: Reader, user: UserInfo, verb: 'approve' | 'sign', signerName: string): boolean {
  const [domain = ''] = signerName.split('/', 1);
  return [signerName, `${domain}/*`].some(
    (name) =>
      authorize(store, user, {
        verb,
        group: 'certificates.k8s.io',
        resource: 'signers',
        subresource: '',
        namespace: '',
        name,
      }).allowed,
  );
}
