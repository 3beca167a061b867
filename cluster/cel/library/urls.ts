/** `url('https://example.com:80/path')`. */
import { parseRequestUri, parseUrl, splitHost, unescapeText, type GoUrl } from '../../api/go-url.ts';
import { global, member, type Overload } from '../declarations.ts';
import { BOOL, listType, mapType, STRING, type Type } from '../types.ts';
import { CelError, ListValue, LiteralMap, Opaque, type Value } from '../values.ts';

const NAME = 'kubernetes.URL';
const URL_TYPE: Type = { kind: 'struct', name: NAME, of: [] };

class UrlValue extends Opaque {
  readonly typeName = NAME;
  readonly text: string;
  readonly url: GoUrl;
  constructor(text: string, url: GoUrl) {
    super();
    this.text = text;
    this.url = url;
  }
  equals(other: Opaque): boolean {
    return other instanceof UrlValue && other.text === this.text;
  }
  toString(): string {
    return this.text;
  }
}

const decode = (text: string): string => unescapeText(text.replaceAll('+', ' '));

function query([url]: readonly Value[]): Value {
  const found = new Map<string, string[]>();
  for (const part of (url as UrlValue).url.query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const [key = '', ...rest] = part.split('=');
    const name = decode(key);
    found.set(name, [...(found.get(name) ?? []), decode(rest.join('='))]);
  }
  let map = new LiteralMap();
  for (const [key, values] of found) map = map.with(key, ListValue.of(values)) ?? map;
  return map;
}

const part = (name: string, read: (url: GoUrl) => string): Overload =>
  member(name, [URL_TYPE], STRING, ([url]) => read((url as UrlValue).url));

/** As written where every character may stand so; otherwise escaped anew. */
const escapedPath = (path: string): string =>
  /^[\w\-.~!$&'()*+,;=:@[\]%/]*$/.test(path)
    ? path
    : unescapeText(path).replace(/[^\w\-.~$&+,/:;=@]+/gu, (characters) =>
        encodeURIComponent(characters).replace(/[!'()*]/g, percent),
      );
const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** Read twice, as the real library does: only the second reading knows of fragments. */
function toUrl([value]: readonly Value[]): Value {
  const text = value as string;
  const request = parseRequestUri(text);
  const parsed = 'problem' in request ? request : parseUrl(text);
  return 'problem' in parsed
    ? new CelError(`URL parse error during conversion from string: ${parsed.problem}`)
    : new UrlValue(text, parsed.url);
}

export const URLS: readonly Overload[] = [
  global('url', [STRING], URL_TYPE, toUrl),
  global('isURL', [STRING], BOOL, ([text]) => 'url' in parseRequestUri(text as string)),
  part('getScheme', (url) => url.scheme),
  part('getHost', (url) => url.host),
  part('getHostname', ({ host }) => splitHost(host).hostname),
  part('getPort', ({ host }) => splitHost(host).port),
  part('getEscapedPath', ({ path }) => escapedPath(path)),
  member('getQuery', [URL_TYPE], mapType(STRING, listType(STRING)), query),
];
