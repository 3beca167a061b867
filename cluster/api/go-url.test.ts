import { expect, test } from '@jest/globals';
import { parseRequestUri, parseUrl, splitHost } from './go-url.ts';

test.each([
  [
    'all parts',
    'https://me:pw@Example.com:8443/a%20b?x=1&y#top',
    ['https', 'me:pw', 'Example.com:8443', '/a%20b', 'x=1&y', 'top'],
  ],
  ['a path alone', '/healthz', ['', undefined, '', '/healthz', '', '']],
  ['no slash behind the scheme', 'mailto:a@b', ['mailto', undefined, '', '', '', '']],
  ['IPv6 with a zone', 'http://[fe80::1%25en0]:80/', ['http', undefined, '[fe80::1%en0]:80', '/', '', '']],
  ['an escaped host', 'http://%E4%BD%A0/', ['http', undefined, '你', '/', '', '']],
  ['hosts of a database', 'postgres://a:1,b:2/db', ['postgres', undefined, 'a:1,b:2', '/db', '', '']],
  ['nothing', '', ['', undefined, '', '', '', '']],
] as const)('%s', (_, text, [scheme, user, host, path, query, fragment]) => {
  expect(parseUrl(text)).toEqual({ url: { scheme, user, host, path, query, fragment } });
});

// each sentence as Go 1.26 prints it
test.each([
  ['a control character', 'http://a\n', 'parse "http://a\\n": net/url: invalid control character in URL'],
  ['no scheme before the colon', '://a', 'parse "://a": missing protocol scheme'],
  ['a colon in the first segment', 'a_b:c/d', 'parse "a_b:c/d": first path segment in URL cannot contain colon'],
  ['a bad escape in the path', 'http://a/%zz1', 'parse "http://a/%zz1": invalid URL escape "%zz"'],
  ['a cut escape', 'http://a/%2', 'parse "http://a/%2": invalid URL escape "%2"'],
  ['a bad escape in the fragment', 'http://a/#%zz', 'parse "http://a/#%zz": invalid URL escape "%zz"'],
  ['an escape the host may not have', 'http://a%20b/', 'parse "http://a%20b/": invalid URL escape "%20"'],
  ['a blank in the host', 'http://a b/', 'parse "http://a b/": invalid character " " in host name'],
  ['a port of letters', 'http://a:b/', 'parse "http://a:b/": invalid port ":b" after host'],
  ['two ports', 'https://a:1:2/', 'parse "https://a:1:2/": invalid port ":1:2" after host'],
  ['an open bracket', 'http://[::1/', 'parse "http://[::1/": missing \']\' in host'],
  ['an IPv4 address in brackets', 'http://[1.2.3.4]/', 'parse "http://[1.2.3.4]/": invalid IP-literal'],
  ['a user with a blank', 'http://a b@c/', 'parse "http://a b@c/": net/url: invalid userinfo'],
])('%s', (_, text, problem) => {
  expect(parseUrl(text)).toEqual({ problem });
});

test.each([
  ['nothing', '', 'parse "": empty url'],
  ['a relative path', 'a/b', 'parse "a/b": invalid URI for request'],
])('a request may not ask for %s', (_, text, problem) => {
  expect(parseRequestUri(text)).toEqual({ problem });
});

test.each([
  ['[::1]:80', { hostname: '::1', port: '80' }],
  ['[::1]', { hostname: '::1', port: '' }],
  ['a:', { hostname: 'a', port: '' }],
  ['a', { hostname: 'a', port: '' }],
])('the host and port of %s', (host, parts) => {
  expect(splitHost(host)).toEqual(parts);
});
