/** `kubectl --as`: another user's identity, for those who may take it on. */
import type { UserInfo } from '../admission/plugin.ts';
import { authorize, refusal } from '../access/rbac.ts';
import { forbiddenError } from '../api/status.ts';
import type { Reader } from '../store/client.ts';
import type { ApiRequest } from './api.ts';

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Repeated headers arrive joined by commas; group names contain none. */
const listed = (header: string | undefined) =>
  (header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** @throws StatusError 403 when the real user may not impersonate */
export function impersonate(store: Reader, { user, headers }: ApiRequest): UserInfo {
  const username = headers['impersonate-user'];
  if (!username) return user;
  const groups = listed(headers['impersonate-group']);
  const account = SERVICE_ACCOUNT.exec(username);
  const wanted = [
    account
      ? { resource: 'serviceaccounts', namespace: account[1] ?? '', name: account[2] ?? '' }
      : { resource: 'users', namespace: '', name: username },
    ...groups.map((name) => ({ resource: 'groups', namespace: '', name })),
  ];
  for (const { resource, namespace, name } of wanted) {
    const asked = { verb: 'impersonate', group: '', resource, subresource: '', namespace, name };
    const { allowed, reason } = authorize(store, user, asked);
    if (!allowed) throw forbiddenError({ group: '', resource }, name, refusal(user, asked, reason));
  }
  const implied = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`] : [];
  const anonymous = username === 'system:anonymous';
  return { username, groups: [...groups, ...implied, anonymous ? 'system:unauthenticated' : 'system:authenticated'] };
}
