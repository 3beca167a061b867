/** `url('https://example.com:80/path')`. */
import { fitsFormat } from '../../schema/structural/formats.ts';
import { global, member, type Overload } from '../declarations.ts';
import { BOOL, listType, mapType, STRING, type Type } from '../types.ts';
import { CelError, ListValue, LiteralMap, Opaque, type Value } from '../values.ts';

const NAME = 'kubernetes.URL';
const URL_TYPE: Type = { kind: 'struct', name: NAME, of: [] };
const SHAPE = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

class UrlValue extends Opaque {
  readonly typeName = NAME;
  readonly text: string;
  readonly scheme: string;
  /** With the port, without the user. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(text: string) {
    super();
    const [, scheme = '', authority = '', path = '', query = ''] = SHAPE.exec(text) ?? [];
    this.text = text;
    this.scheme = scheme.toLowerCase();
    this.host = authority.slice(authority.lastIndexOf('@') + 1);
    // what has a scheme and no slash is opaque: it has no path
    this.path = scheme !== '' && authority === '' && !path.startsWith('/') ? '' : path;
    this.query = query;
  }
  get hostname(): string {
    const bracketed = /^\[([^\]]*)\]/.exec(this.host)?.[1];
    return bracketed ?? this.host.replace(/:\d*$/, '');
  }
  get port(): string {
    return /:(\d+)$/.exec(this.host.replace(/^\[[^\]]*\]/, ''))?.[1] ?? '';
  }
  equals(other: Opaque): boolean {
    return other instanceof UrlValue && other.text === this.text;
  }
  toString(): string {
    return this.text;
  }
}

/** Why Go cannot read the text as what a request may ask for. */
function problem(text: string): string {
  const quoted = JSON.stringify(text);
  const because = (why: string) => `parse ${quoted}: ${why}`;
  if (text === '') return because('empty url');
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return because('net/url: invalid control character in URL');
  if (text.startsWith(':')) return because('missing protocol scheme');
  const escape = /%(?![0-9a-fA-F]{2})(.{0,2})/.exec(text);
  if (escape) return because(`invalid URL escape ${JSON.stringify(`%${escape[1] ?? ''}`)}`);
  const host = SHAPE.exec(text)?.[2] ?? '';
  const port = /:([^\]:]*)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1];
  if (port !== undefined && !/^\d*$/.test(port))
    return because(`invalid port ${JSON.stringify(`:${port}`)} after host`);
  const wrong = /[ <>"]/.exec(host)?.[0];
  if (wrong) return because(`invalid character ${JSON.stringify(wrong)} in host name`);
  return because('invalid URI for request');
}

const decode = (text: string): string => {
  const plain = text.replaceAll('+', ' ');
  return Buffer.from(
    plain.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
};

function query([url]: readonly Value[]): Value {
  const found = new Map<string, string[]>();
  for (const part of (url as UrlValue).query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const [key = '', ...rest] = part.split('=');
    const name = decode(key);
    found.set(name, [...(found.get(name) ?? []), decode(rest.join('='))]);
  }
  let map = new LiteralMap();
  for (const [key, values] of found) map = map.with(key, ListValue.of(values)) ?? map;
  return map;
}

const part = (name: string, read: (url: UrlValue) => string): Overload =>
  member(name, [URL_TYPE], STRING, ([url]) => read(url as UrlValue));

export const URLS: readonly Overload[] = [
  global('url', [STRING], URL_TYPE, ([text]) =>
    fitsFormat('uri', text as string)
      ? new UrlValue(text as string)
      : new CelError(`URL parse error during conversion from string: ${problem(text as string)}`),
  ),
  global('isURL', [STRING], BOOL, ([text]) => fitsFormat('uri', text as string)),
  part('getScheme', (url) => url.scheme),
  part('getHost', (url) => url.host),
  part('getHostname', (url) => url.hostname),
  part('getPort', (url) => url.port),
  part('getEscapedPath', (url) => url.path),
  member('getQuery', [URL_TYPE], mapType(STRING, listType(STRING)), query),
];
