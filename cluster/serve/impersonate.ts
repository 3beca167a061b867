/** `kubectl --as`: another user's identity, for those who may take it on. */
import type { UserInfo } from '../admission/plugin.ts';
import { authorize, refusal } from '../access/authorizer.ts';
import { accountGroups, accountOf } from '../access/tokens.ts';
import { badRequest, forbiddenError } from '../api/status.ts';
import type { Reader } from '../store/client.ts';
import type { ApiRequest } from './api.ts';

const EXTRA = 'impersonate-extra-';
const AUTHENTICATION = 'authentication.k8s.io';
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';

/** One thing to be: checked on its own. */
interface Wish {
  /** As the server's object reference says it. */
  kind: 'ServiceAccount' | 'User' | 'Group' | 'UserExtra' | 'UID';
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

const wish = (
  kind: Wish['kind'],
  resource: string,
  name: string,
  { group = '', subresource = '', namespace = '' } = {},
): Wish => ({ kind, group, resource, subresource, namespace, name });

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // not percent-encoded after all
    return key;
  }
}

/** Repeated headers arrive joined by a comma and a space. */
const listed = (header: string) => header.split(', ');

function wishesOf(headers: ApiRequest['headers']): Wish[] {
  const username = headers['impersonate-user'] ?? '';
  const account = accountOf(username);
  const wishes: Wish[] = [];
  if (account) wishes.push(wish('ServiceAccount', 'serviceaccounts', account.name, { namespace: account.namespace }));
  else if (username !== '') wishes.push(wish('User', 'users', username));
  const groups = headers['impersonate-group'];
  if (groups !== undefined) wishes.push(...listed(groups).map((name) => wish('Group', 'groups', name)));
  for (const [header, values] of Object.entries(headers)) {
    if (!header.startsWith(EXTRA) || values === undefined) continue;
    const subresource = unescaped(header.slice(EXTRA.length));
    for (const value of listed(values)) {
      wishes.push(wish('UserExtra', 'userextras', value, { group: AUTHENTICATION, subresource }));
    }
  }
  const uid = headers['impersonate-uid'] ?? '';
  if (uid !== '') wishes.push(wish('UID', 'uids', uid, { group: AUTHENTICATION }));
  return wishes;
}

/** As Go prints an object reference: kind, namespace, name, uid, API version, resource version, path. */
const printed = ({ kind, namespace, name, group, subresource }: Wish) =>
  `{${kind} ${namespace} ${name}  ${group === '' ? '' : `${group}/v1`}  ${subresource}}`;

/** @throws StatusError 403 when the real user may not impersonate, 400 when nobody is named */
export function impersonate(store: Reader, { user, headers }: ApiRequest): UserInfo {
  const wishes = wishesOf(headers);
  if (wishes.length === 0) return user;
  const username = headers['impersonate-user'] ?? '';
  if (username === '') {
    throw badRequest(`requested [${wishes.map(printed).join(' ')}] without impersonating a user`);
  }
  for (const { kind: _kind, ...what } of wishes) {
    const asked = { verb: 'impersonate', ...what };
    const { allowed, reason } = authorize(store, user, asked);
    if (!allowed) throw forbiddenError(what, what.name, refusal(user, asked, reason));
  }
  const named = (kind: Wish['kind']) => wishes.filter((one) => one.kind === kind);
  const account = accountOf(username);
  const groups = named('Group').map(({ name }) => name);
  if (groups.length === 0 && account) groups.push(...accountGroups(account.namespace));
  // whom nobody calls authenticated or not is taken for what the name says
  if (username === 'system:anonymous') {
    if (!groups.includes(UNAUTHENTICATED)) groups.push(UNAUTHENTICATED);
  } else if (!groups.includes(AUTHENTICATED) && !groups.includes(UNAUTHENTICATED)) groups.push(AUTHENTICATED);
  const extra: Record<string, string[]> = {};
  for (const { subresource, name } of named('UserExtra')) (extra[subresource] ??= []).push(name);
  const uid = named('UID')[0]?.name;
  return {
    username,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
