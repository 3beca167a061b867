/** Bootstrap tokens: Secrets of kube-system with which a new node introduces itself, as `kubeadm token` makes them. */
import type { UserInfo } from '../admission/plugin.ts';
import type { Secret } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

export const BOOTSTRAP_TOKEN = 'bootstrap.kubernetes.io/token';
const FORM = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;
const DEFAULT_GROUP = 'system:bootstrappers';

const dataOf = ({ data }: Secret, key: string) => Buffer.from(data?.[key] ?? '', 'base64').toString();

/** When the token ends, in milliseconds since 1970; undefined: never. NaN for what is no time: it counts as ended. */
export function bootstrapTokenEnd(secret: Secret): number | undefined {
  const text = dataOf(secret, 'expiration');
  return text === '' ? undefined : Date.parse(text);
}

/** undefined: no token, or none that may be used to authenticate now. */
export function bootstrapTokenUser(store: Reader, token: string, nowMs: number): UserInfo | undefined {
  const [, id, key] = FORM.exec(token) ?? [];
  if (id === undefined || key === undefined) return undefined;
  const secret = store.get<Secret>('secrets', 'kube-system', `bootstrap-token-${id}`);
  if (!secret || secret.metadata.deletionTimestamp || secret.type !== BOOTSTRAP_TOKEN) return undefined;
  if (dataOf(secret, 'token-secret') !== key || dataOf(secret, 'token-id') !== id) return undefined;
  const end = bootstrapTokenEnd(secret);
  if (end !== undefined && !(nowMs < end)) return undefined;
  if (dataOf(secret, 'usage-bootstrap-authentication') !== 'true') return undefined;
  const extra = dataOf(secret, 'auth-extra-groups');
  const groups = extra === '' ? [] : extra.split(',');
  if (!groups.every((group) => GROUP.test(group))) return undefined;
  const all = [...new Set([DEFAULT_GROUP, ...groups])].sort();
  return { username: `system:bootstrap:${id}`, groups: [...all, 'system:authenticated'] };
}

/** Ids and keys of the tokens that may sign, in the order of their names. */
export function signingKeys(store: Reader, nowMs: number): [id: string, key: string][] {
  return store.list<Secret>('secrets', 'kube-system').flatMap((secret): [string, string][] => {
    const id = dataOf(secret, 'token-id');
    const key = dataOf(secret, 'token-secret');
    const end = bootstrapTokenEnd(secret);
    const ended = end !== undefined && !(nowMs < end);
    if (secret.type !== BOOTSTRAP_TOKEN || secret.metadata.name !== `bootstrap-token-${id}` || key === '') return [];
    return ended || dataOf(secret, 'usage-bootstrap-signing') !== 'true' ? [] : [[id, key]];
  });
}
