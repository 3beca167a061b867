/**
 * Fills Secrets of type kubernetes.io/service-account-token with a token that has no end, and clears them away when their account
 * is gone. It makes no such Secrets of its own: accounts have not needed any since 1.24.
 */
import { LEGACY_ISSUER, TOKEN_SECRET, usernameOf, type TokenSigner } from '../../access/tokens.ts';
import { StatusError } from '../../api/status.ts';
import type { Secret, ServiceAccount } from '../../api/types.ts';
import { namespacedKey, splitKey, type Controller } from '../controller.ts';

const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const accountNameOf = ({ metadata }: Secret) => metadata.annotations?.[NAME] ?? '';

export interface TokenOptions {
  signer: TokenSigner;
  /** PEM. */
  caCertificate: string;
}

export const serviceAccountToken = ({ signer, caCertificate }: TokenOptions): Controller => ({
  name: 'serviceaccount-token-controller',
  user: 'system:kube-controller-manager',
  watches: {
    // one that is gone may still be in its account's list
    secrets: ({ object }) => ((object as Secret).type === TOKEN_SECRET ? [namespacedKey(object)] : []),
    serviceaccounts: ({ type, object }, { client }) =>
      type === 'MODIFIED'
        ? []
        : client
            .list<Secret>('secrets', object.metadata.namespace)
            .filter((secret) => secret.type === TOKEN_SECRET && accountNameOf(secret) === object.metadata.name)
            .map(namespacedKey),
  },
  reconcile(key, { client }) {
    const { namespace, name } = splitKey(key);
    const secret = client.get<Secret>('secrets', namespace, name);
    if (!secret) {
      forget(client.list<ServiceAccount>('serviceaccounts', namespace), name, (account) =>
        client.update('serviceaccounts', account),
      );
      return;
    }
    if (secret.type !== TOKEN_SECRET) return;
    const account = client.get<ServiceAccount>('serviceaccounts', namespace, accountNameOf(secret));
    const uid = secret.metadata.annotations?.[UID];
    if (!account || (uid && uid !== account.metadata.uid)) {
      client.delete('secrets', namespace, name);
      return;
    }
    const { data = {} } = secret;
    const wanted: Record<string, string> = {
      'ca.crt': caCertificate === '' ? (data['ca.crt'] ?? '') : base64(caCertificate),
      namespace: data['namespace'] || base64(namespace),
      token: data['token'] || base64(tokenFor(signer, account, secret)),
    };
    if (Object.entries(wanted).every(([field, value]) => (data[field] ?? '') === value)) return;
    const annotations = {
      ...secret.metadata.annotations,
      [NAME]: account.metadata.name,
      [UID]: account.metadata.uid ?? '',
    };
    try {
      client.update<Secret>('secrets', {
        ...secret,
        metadata: { ...secret.metadata, annotations },
        data: { ...data, ...wanted },
      });
    } catch (error) {
      // an immutable Secret stays as it is
      if (!(error instanceof StatusError)) throw error;
    }
  },
});

function tokenFor(signer: TokenSigner, account: ServiceAccount, secret: Secret): string {
  const { name, namespace = '', uid = '' } = account.metadata;
  return signer.sign({
    iss: LEGACY_ISSUER,
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.metadata.name,
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: usernameOf(namespace, name),
  });
}

/** An account that lists the Secret lists it no longer. */
function forget(accounts: readonly ServiceAccount[], secret: string, update: (account: ServiceAccount) => void): void {
  for (const account of accounts) {
    const secrets = account.secrets ?? [];
    if (!secrets.some(({ name }) => name === secret)) continue;
    const { secrets: _all, ...rest } = account;
    const kept = secrets.filter(({ name }) => name !== secret);
    update(kept.length > 0 ? { ...rest, secrets: kept } : rest);
  }
}
