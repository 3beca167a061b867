/**
 * Signs the public ConfigMap cluster-info with every bootstrap token that may sign, so that a machine that has the token can
 * tell the real cluster from another one: as a JWS without its content (RFC 7515, appendix F).
 */
import { createHmac } from 'node:crypto';
import { BOOTSTRAP_TOKEN, signingKeys } from '../../access/bootstrap-tokens.ts';
import type { ConfigMap, Secret } from '../../api/types.ts';
import type { Controller } from '../controller.ts';

const NAMESPACE = 'kube-public';
const NAME = 'cluster-info';
const CONTENT = 'kubeconfig';
const PREFIX = 'jws-kubeconfig-';

const encode = (text: string) => Buffer.from(text).toString('base64url');

function signature(content: string, id: string, key: string): string {
  const header = encode(JSON.stringify({ alg: 'HS256', kid: id }));
  const digest = createHmac('sha256', key)
    .update(`${header}.${encode(content)}`)
    .digest('base64url');
  return `${header}..${digest}`;
}

export const bootstrapSigner: Controller = {
  name: 'bootstrap-signer-controller',
  user: 'system:serviceaccount:kube-system:bootstrap-signer',
  watches: {
    configmaps: ({ type, object }) =>
      type !== 'DELETED' && object.metadata.name === NAME && object.metadata.namespace === NAMESPACE ? [NAME] : [],
    secrets: ({ object }) => ((object as Secret).type === BOOTSTRAP_TOKEN ? [NAME] : []),
  },
  reconcile(_key, { client, clock }) {
    const stored = client.get<ConfigMap>('configmaps', NAMESPACE, NAME);
    const content = stored?.data?.[CONTENT];
    if (!stored || content === undefined) return;
    const data = Object.fromEntries(Object.entries(stored.data ?? {}).filter(([key]) => !key.startsWith(PREFIX)));
    for (const [id, key] of signingKeys(client, clock.now())) data[PREFIX + id] = signature(content, id, key);
    const same =
      Object.keys(data).length === Object.keys(stored.data ?? {}).length &&
      Object.entries(data).every(([key, value]) => stored.data?.[key] === value);
    if (!same) client.update<ConfigMap>('configmaps', { ...stored, data });
  },
};
