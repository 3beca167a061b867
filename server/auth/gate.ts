/** Who may talk to the server at all. Decides from the request's head alone, before any page or socket sees it. */
import { isIP } from 'node:net';
import type { SignIn } from './sign-in.ts';

export interface RequestHead {
  method: string;
  /** Path and query. */
  url: string;
  headers: Partial<Record<string, string | string[] | undefined>>;
  upgrade: boolean;
}

export type Verdict =
  | { verdict: 'pass' }
  | { verdict: 'redirect'; location: string; setCookie?: string }
  | { verdict: 'refuse'; status: 400 | 401 | 403 | 421; reason: RefusalReason };

export type RefusalReason = 'foreign-host' | 'foreign-origin' | 'no-cookie' | 'wrong-token';

export interface GateOptions {
  signIn: SignIn;
  /** Host names besides localhost and plain addresses, lower case. */
  allowedHosts: readonly string[];
}

export function judge(head: RequestHead, options: GateOptions): Verdict {
  const host = single(head.headers['host'])?.toLowerCase();
  if (host === undefined || !hostAllowed(host, options.allowedHosts)) {
    return { verdict: 'refuse', status: 421, reason: 'foreign-host' };
  }
  if (!originAllowed(head, host)) return { verdict: 'refuse', status: 403, reason: 'foreign-origin' };

  const signedIn = options.signIn.cookieValid(readCookie(single(head.headers['cookie']), options.signIn.cookieName));
  const url = new URL(head.url, 'http://drydock.invalid');
  const token = url.pathname === '/' && head.method === 'GET' && !head.upgrade ? url.searchParams.get('token') : null;
  if (token !== null) {
    if (options.signIn.tokenMatches(token)) {
      return { verdict: 'redirect', location: '/', setCookie: options.signIn.issueCookie() };
    }
    // An old link in a browser that is signed in anyway: go on, without the token in the address.
    return signedIn
      ? { verdict: 'redirect', location: '/' }
      : { verdict: 'refuse', status: 401, reason: 'wrong-token' };
  }
  return signedIn ? { verdict: 'pass' } : { verdict: 'refuse', status: 401, reason: 'no-cookie' };
}

/**
 * A name that somebody else's DNS points at this machine would let their page talk to us as its own origin.
 * Plain addresses can't be pointed anywhere, so they are safe; the port is free, for people who forward one.
 */
function hostAllowed(host: string, allowedHosts: readonly string[]): boolean {
  const name = hostname(host);
  if (name === undefined) return false;
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || allowedHosts.includes(name);
}

function hostname(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.exec(host)?.[1];
}

/** Browsers name the page that asks in Origin whenever it matters; upgrades from a browser always carry it. */
function originAllowed(head: RequestHead, host: string): boolean {
  const origin = single(head.headers['origin']);
  if (origin === undefined) return !head.upgrade;
  return origin === `http://${host}` || origin === `https://${host}`;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? undefined : value;
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.split('=');
    if (key?.trim() === name) return rest.join('=').trim();
  }
  return undefined;
}
