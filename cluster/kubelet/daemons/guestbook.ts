/** The guestbook's web page: writes to its Redis leader, reads from a follower. */
import { formatDate } from '../commands/date.ts';
import { resolveNow } from '../commands/resolve.ts';
import { file } from '../files/file-tree.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpRequest, type HttpResponse } from './http-server.ts';
import { command, decode } from './redis/protocol.ts';
import { pageAt, pathOf, untilSignal } from './serve.ts';

const ROOT = '/var/www/html';
const PAGE = `<html ng-app="redis">
  <head>
    <title>Guestbook</title>
    <link rel="stylesheet" href="//netdna.bootstrapcdn.com/bootstrap/3.1.1/css/bootstrap.min.css">
    <script src="https://ajax.googleapis.com/ajax/libs/angularjs/1.2.12/angular.min.js"></script>
    <script src="controllers.js"></script>
  </head>
  <body ng-controller="RedisCtrl">
    <div style="width: 50%; margin-left: 20px">
      <h2>Guestbook</h2>
    <form>
    <fieldset>
    <input ng-model="msg" placeholder="Messages" class="form-control" type="text" name="input"><br>
    <button type="button" class="btn btn-primary" ng-click="controller.onRedis()">Submit</button>
    </fieldset>
    </form>
    <div>
      <div ng-repeat="msg in messages track by $index">
        {{msg}}
      </div>
    </div>
    </div>
  </body>
</html>
`;
export const GUESTBOOK_FILES = {
  'var/www/html/index.html': file(PAGE),
  'var/www/html/controllers.js': file("var redisApp = angular.module('redis', ['ui.bootstrap']);\n"),
  'var/www/html/guestbook.php': file('<?php\n'),
};

export function* guestbook(context: Context): Run {
  const { box, io, env } = context;
  const host = (role: 'leader' | 'follower'): string =>
    env.get('GET_HOSTS_FROM') === 'env' ? (env.get(`REDIS_${role.toUpperCase()}_SERVICE_HOST`) ?? '') : `redis-${role}`;
  const ask = (role: 'leader' | 'follower', words: readonly string[]): string | undefined => {
    const found = resolveNow(box, host(role));
    if (found.kind !== 'found') return undefined;
    const dialled = box.network.dial(found.addresses[0] ?? '', 6379);
    if (dialled.kind !== 'open') return undefined;
    const reply = decode(dialled.peer.say(command(words)))?.reply;
    return reply === undefined || reply.kind === 'error' ? undefined : reply.kind === 'bulk' ? reply.text : '';
  };
  const at = () => formatDate(box.now(), '%a %b %d %H:%M:%S.000000 %Y');
  const unnamed = `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${box.network.address}. Set the 'ServerName' directive globally to suppress this message\n`;
  io.stderr.write(unnamed + unnamed);
  io.stderr.write(
    `[${at()}] [mpm_prefork:notice] [pid 1] AH00163: Apache/2.4.52 (Debian) PHP/7.4.28 configured -- resuming normal operations\n[${at()}] [core:notice] [pid 1] AH00094: Command line: 'apache2 -D FOREGROUND'\n`,
  );
  const script = (request: HttpRequest): HttpResponse => {
    const asked = new URLSearchParams(request.path.split('?')[1] ?? '');
    const headers = {
      'X-Powered-By': 'PHP/7.4.28',
      'Access-Control-Allow-Origin': '*',
      'Content-Type': 'application/json',
    };
    const key = asked.get('key') ?? '';
    if (asked.get('cmd') === 'set') {
      if (ask('leader', ['SET', key, asked.get('value') ?? '']) === undefined)
        return fatal(`Connection refused [tcp://${host('leader')}:6379]`);
      return { status: 200, body: '{"message": "Updated"}', headers };
    }
    if (asked.get('cmd') === 'get') {
      const value = ask('follower', ['GET', key]);
      if (value === undefined) return fatal(`Connection refused [tcp://${host('follower')}:6379]`);
      return { status: 200, body: `{"data": "${value}"}`, headers };
    }
    return { status: 200, body: 'phpinfo()\n', headers: { ...headers, 'Content-Type': 'text/html; charset=UTF-8' } };
  };
  const fatal = (why: string): HttpResponse => {
    io.stderr.write(
      `[${at()}] [php7:error] [pid 17] [client 127.0.0.1:40312] PHP Fatal error:  Uncaught Predis\\Connection\\ConnectionException: ${why} in /usr/local/lib/php/Predis/Connection/AbstractConnection.php:155\n`,
    );
    return {
      status: 500,
      body: '',
      headers: { 'X-Powered-By': 'PHP/7.4.28', 'Content-Type': 'text/html; charset=UTF-8' },
    };
  };
  const respond = (request: HttpRequest): HttpResponse => {
    const path = pathOf(request.path) ?? '/';
    let response: HttpResponse;
    if (path === '/guestbook.php') response = script(request);
    else {
      const found = pageAt(box, ROOT, path === '/' ? '/index.html' : path);
      response =
        found.kind === 'file'
          ? { status: 200, body: found.body, headers: { 'Content-Type': 'text/html' } }
          : {
              status: 404,
              body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n<hr>\n<address>Apache/2.4.52 (Debian) Server at localhost Port 80</address>\n</body></html>\n',
              headers: { 'Content-Type': 'text/html; charset=iso-8859-1' },
            };
    }
    io.stdout.write(
      `${request.from} - - [${formatDate(box.now(), '%d/%b/%Y:%H:%M:%S +0000')}] "${request.method} ${request.path} ${request.version}" ${response.status} ${response.body.length} "-" "${request.headers.get('user-agent') ?? '-'}"\n`,
    );
    return response;
  };
  box.listen(80, httpServer({ name: 'Apache/2.4.52 (Debian)', style: 'apache', now: () => box.now(), respond }));
  return yield* untilSignal(context);
}
