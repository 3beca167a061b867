import { expect, test } from '@jest/globals';
import { file } from '../../files/file-tree.ts';
import { boxWith } from '../../testing/box.ts';
import { ConfigFault, readConfig } from './config.ts';
import type { Answered } from './exchange.ts';
import { Site } from './site.ts';

const PATH = '/etc/nginx/nginx.conf';
const REFUSED = 'failed (111: Connection refused) while connecting to upstream';

function siteOf(text: string): Site {
  const box = boxWith({
    'etc/nginx/nginx.conf': file(text),
    'web/index.html': file('home'),
    'web/a.txt': file('a'),
    'web/sub/b.txt': file('b'),
    'web/lost.html': file('lost'),
  });
  const site = new Site(readConfig(box, PATH), box, '1.29.1');
  site.check();
  return site;
}
function faultOf(text: string): string {
  try {
    siteOf(text);
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault;
    return fault.message;
  }
  return 'none';
}

test.each<[fault: string, text: string]>([
  [`unexpected end of file, expecting ";" or "}" in ${PATH}:2`, 'events {}\nuser nginx'],
  [`unexpected end of file, expecting "}" in ${PATH}:2`, 'http {\nserver { listen 80; }'],
  [`unexpected "}" in ${PATH}:2`, 'events {}\n}'],
  [`unexpected "}" in ${PATH}:1`, 'events { worker_connections 10 }'],
  [`unexpected ";" in ${PATH}:1`, ';'],
  [`unknown directive "lisen" in ${PATH}:2`, 'http { server {\nlisen 80; } }'],
  [`directive "http" has no opening "{" in ${PATH}:1`, 'http;'],
  [`directive "root" is not terminated by ";" in ${PATH}:1`, 'http { root { } }'],
  [`"server" directive is not allowed here in ${PATH}:1`, 'server { }'],
  [`"proxy_pass" directive is not allowed here in ${PATH}:1`, 'http { server { proxy_pass http://127.0.0.1; } }'],
  [`invalid number of arguments in "root" directive in ${PATH}:1`, 'http { root; }'],
  [`open() "/etc/nginx/mime.types" failed (2: No such file or directory) in ${PATH}:1`, 'http { include mime.types; }'],
  [`host not found in upstream "api" in ${PATH}:1`, 'http { server { location / { proxy_pass http://api:80; } } }'],
  [`invalid URL prefix in ${PATH}:1`, 'http { server { location / { proxy_pass api:80; } } }'],
  ['none', 'events {} http { include /etc/nginx/conf.d/*.conf; server { listen 8080; } }'],
])('nginx says: %s', (fault, text) => {
  expect(faultOf(text)).toBe(fault);
});

function answered(server: string, path: string): Answered {
  const request = {
    method: 'GET',
    path,
    version: 'HTTP/1.1',
    headers: new Map([['host', 'site']]),
    head: '',
    body: '',
    from: '10.244.0.9',
  };
  return siteOf(`events {}\nhttp { server { root /web; ${server} } }`).respond(request, 80);
}

test.each<[name: string, server: string, path: string, status: number, body: string]>([
  ['the index of a folder', '', '/', 200, 'home'],
  ['a file', '', '/a.txt?x=1', 200, 'a'],
  ['the longest prefix', 'location / { return 200 short; } location /a { return 200 long; }', '/a.txt', 200, 'long'],
  ['a pattern', 'location /a { return 200 p; } location ~* \\.TXT$ { return 200 r; }', '/a.txt', 200, 'r'],
  ['a last prefix', 'location ^~ /a { return 200 p; } location ~ a { return 200 r; }', '/a', 200, 'p'],
  ['an exact location', 'location = /a { return 200 e; } location /a { return 200 p; }', '/a', 200, 'e'],
  ['variables', 'return 200 "$uri $args $arg_x $host $remote_addr";', '/p?x=1', 200, '/p x=1 1 site 10.244.0.9'],
  ['a rewrite with a group', 'rewrite ^/old/(.*)$ /$1 last;', '/old/a.txt', 200, 'a'],
  ['a condition', 'if ($arg_x = 1) { return 403 no; }', '/?x=1', 403, 'no'],
  ['the first that is there', 'location / { try_files $uri /a.txt; }', '/gone', 200, 'a'],
  ['a page for a failure', 'error_page 404 /lost.html;', '/gone', 404, 'lost'],
  ['an alias', 'location /x/ { alias /web/sub/; }', '/x/b.txt', 200, 'b'],
])('nginx answers with %s', (_name, server, path, status, body) => {
  expect(answered(server, path).response).toMatchObject({ status, body });
});

test.each<[status: number, problem: string | undefined, server: string, path: string]>([
  [404, 'open() "/web/gone" failed (2: No such file or directory)', '', '/gone'],
  [403, 'directory index of "/web/sub/" is forbidden', '', '/sub/'],
  [403, 'access forbidden by rule', 'location / { deny all; }', '/'],
  [500, 'rewrite or internal redirection cycle while processing "/a"', 'rewrite ^ /a;', '/'],
  [502, `connect() ${REFUSED}|http://127.0.0.1:81/`, 'location / { proxy_pass http://127.0.0.1:81; }', '/'],
  [301, undefined, '', '/sub'],
  [401, undefined, 'location / { auth_basic Closed; auth_basic_user_file users; }', '/'],
])('nginx answers %d and logs %j', (status, problem, server, path) => {
  const { response, problem: logged } = answered(server, path);
  expect({ status: response.status, problem: logged }).toEqual({ status, problem });
});
