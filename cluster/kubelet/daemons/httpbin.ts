/** httpbin: requests and answers to order. */
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpRequest, type HttpResponse, REASONS } from './http-server.ts';
import { untilSignal } from './serve.ts';

function respond(request: HttpRequest): HttpResponse {
  const [path = '/', query = ''] = request.path.split('?');
  const headers = Object.fromEntries(
    request.head
      .split('\r\n')
      .slice(1)
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const args = Object.fromEntries(new URLSearchParams(query));
  const url = `http://${request.headers.get('host') ?? ''}${request.path}`;
  const answer = (value: unknown, status = 200): HttpResponse => ({
    status,
    body: `${JSON.stringify(value, undefined, 2)}\n`,
    headers: {
      'Content-Type': 'application/json',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Credentials': 'true',
    },
  });
  const [, code] = /^\/status\/(\d{3})$/.exec(path) ?? [];
  if (code !== undefined)
    return {
      status: Number(code),
      body: Number(code) === 418 ? '\n    -=[ teapot ]=-\n' : '',
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
    };
  switch (path) {
    case '/':
      return {
        status: 200,
        body: '<!DOCTYPE html>\n<html lang="en">\n\n<head>\n    <meta charset="UTF-8">\n    <title>httpbin.org</title>\n</head>\n</html>\n',
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
      };
    case '/get':
      return answer({ args, headers, origin: request.from, url });
    case '/post':
    case '/put':
    case '/delete':
    case '/patch':
    case '/anything':
      return answer({ args, data: request.body, files: {}, form: {}, headers, json: null, origin: request.from, url });
    case '/headers':
      return answer({ headers });
    case '/ip':
      return answer({ origin: request.from });
    case '/user-agent':
      return answer({ 'user-agent': request.headers.get('user-agent') ?? '' });
    default:
      return {
        status: 404,
        body: `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<title>404 ${REASONS[404]}</title>\n<h1>Not Found</h1>\n`,
        headers: { 'Content-Type': 'text/html' },
      };
  }
}

export function* httpbin(context: Context): Run {
  const { box, io, argv } = context;
  const port = Number(/:(\d+)$/.exec(argv[argv.indexOf('-b') + 1] ?? '')?.[1] ?? 80);
  io.stderr.write(
    `[INFO] Starting gunicorn 19.9.0\n[INFO] Listening at: http://0.0.0.0:${port} (1)\n[INFO] Using worker: gevent\n`,
  );
  box.listen(port, httpServer({ name: 'gunicorn/19.9.0', now: () => box.now(), respond }));
  return yield* untilSignal(context);
}
