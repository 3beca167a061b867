/** URLs as Go's net/url reads them: what clients are told of a bad one is Go's sentence. */
import { isIPv4, isIPv6 } from 'node:net';
import { goQuote } from './go-quote.ts';

export interface GoUrl {
  /** In lower case; empty: none. */
  scheme: string;
  /** What stands before `@`, as written; undefined: none. */
  user: string | undefined;
  /** With the port, escapes read. */
  host: string;
  /** As written; empty for what has a scheme and no slash behind it. */
  path: string;
  query: string;
  fragment: string;
}
export type Parsed = { url: GoUrl } | { problem: string };

/** Reads a URL; `problem` is the whole sentence, `parse "…": …`. */
export function parseUrl(text: string): Parsed {
  const hash = text.indexOf('#');
  const [before, fragment] = hash === -1 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)];
  const parsed = parse(before, fragment, false);
  if ('problem' in parsed) return parsed;
  const wrong = wrongEscape(fragment);
  return wrong === undefined ? parsed : because(text, wrong);
}

/** Reads what a request line may ask for: absolute, and what follows `#` is no fragment but part of the rest. */
export const parseRequestUri = (text: string): Parsed => parse(text, '', true);

const because = (text: string, why: string): { problem: string } => ({ problem: `parse ${goQuote(text)}: ${why}` });

const CONTROL = /[\0-\x1f\x7f]/; // oxlint-disable-line no-control-regex -- they are what is looked for
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

function parse(text: string, fragment: string, isRequest: boolean): Parsed {
  if (CONTROL.test(text)) return because(text, 'net/url: invalid control character in URL');
  if (text === '' && isRequest) return because(text, 'empty url');
  if (text.startsWith(':')) return because(text, 'missing protocol scheme');
  const scheme = SCHEME.exec(text)?.[1] ?? '';
  const [rest = '', ...queries] = text.slice(scheme === '' ? 0 : scheme.length + 1).split('?');
  const url: GoUrl = {
    scheme: scheme.toLowerCase(),
    user: undefined,
    host: '',
    path: rest,
    query: queries.join('?'),
    fragment,
  };
  if (text === '*') return { url };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { url: { ...url, path: '' } };
    if (isRequest) return because(text, 'invalid URI for request');
    if (rest.split('/')[0]?.includes(':')) return because(text, 'first path segment in URL cannot contain colon');
  }
  if (rest.startsWith('//') && (scheme !== '' || (!isRequest && !rest.startsWith('///')))) {
    const slash = rest.indexOf('/', 2);
    const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
    const at = authority.lastIndexOf('@');
    const host = authority.slice(at + 1);
    const user = at === -1 ? undefined : authority.slice(0, at);
    const wrong = wrongHost(url.scheme, host) ?? (user === undefined ? undefined : wrongUser(user));
    if (wrong !== undefined) return because(text, wrong);
    Object.assign(url, { user, host: unescapeText(host), path: slash === -1 ? '' : rest.slice(slash) });
  }
  const wrong = wrongEscape(url.path);
  return wrong === undefined ? { url } : because(text, wrong);
}

const wrongEscape = (text: string): string | undefined => {
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)?.[0];
  return escape === undefined ? undefined : `invalid URL escape ${goQuote(escape)}`;
};

const wrongUser = (user: string): string | undefined =>
  /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) ? wrongEscape(user) : 'net/url: invalid userinfo';

/** Hosts may escape no ASCII but the percent sign of a zone. */
function wrongHostText(text: string): string | undefined {
  const found = /%(?![0-9a-fA-F]{2}).{0,2}|%(?!25)[0-7].|[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\x80-\u{10ffff}]/su.exec(
    text,
  )?.[0];
  if (found === undefined) return undefined;
  return found.startsWith('%')
    ? `invalid URL escape ${goQuote(found)}`
    : `invalid character ${goQuote(found)} in host name`;
}

const wrongPort = (port: string): string | undefined =>
  port === '' || /^:\d*$/.test(port) ? undefined : `invalid port ${goQuote(port)} after host`;

function wrongHost(scheme: string, host: string): string | undefined {
  const open = host.lastIndexOf('[');
  if (open > 0) return 'invalid IP-literal';
  if (open === -1) {
    // other schemes list several hosts, each with its port
    const isWeb = scheme === 'http' || scheme === 'https';
    const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':');
    return (colon === -1 ? undefined : wrongPort(host.slice(colon))) ?? wrongHostText(host);
  }
  const close = host.lastIndexOf(']');
  if (close === -1) return "missing ']' in host";
  const wrong = wrongPort(host.slice(close + 1));
  if (wrong !== undefined) return wrong;
  const written = host.slice(1, close);
  const zone = written.indexOf('%25');
  const wrongText = wrongHostText(zone === -1 ? written : written.slice(0, zone)) ?? wrongEscape(written);
  if (wrongText !== undefined) return wrongText;
  const address = unescapeText(written);
  if (isIPv4(address)) return 'invalid IP-literal';
  return isIPv6(address) ? undefined : `invalid host: ParseAddr(${goQuote(address)}): unable to parse IP`;
}

/** Escapes read as bytes of UTF-8. */
export function unescapeText(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1').toString();
}

/** The host without its port and brackets, and the port. */
export function splitHost(host: string): { hostname: string; port: string } {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/s.exec(host) ?? [];
  const bracketed = /^\[(.*)\]$/s.exec(name)?.[1];
  return { hostname: bracketed ?? name, port };
}
