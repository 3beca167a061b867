/** Caddy: its page, out of /usr/share/caddy. */
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpResponse } from './http-server.ts';
import { pageAt, pathOf, typeOf, untilSignal } from './serve.ts';

export function* caddy(context: Context): Run {
  const { box, io, argv } = context;
  if (argv[1] === 'version') {
    io.stdout.write('v2.10.2 h1:g/gTYjGMD0dec+UgMw8SnfmJ3I9+M2TdvoRL/Ovu6U8=\n');
    return 0;
  }
  io.stderr.write(
    `{"level":"info","ts":${(box.now() / 1000).toFixed(4)},"msg":"using config from file","file":"/etc/caddy/Caddyfile"}\n{"level":"info","ts":${(box.now() / 1000).toFixed(4)},"msg":"serving initial configuration"}\n`,
  );
  box.listen(
    80,
    httpServer({
      name: 'Caddy',
      style: 'go',
      now: () => box.now(),
      respond: (request): HttpResponse => {
        const path = pathOf(request.path) ?? '/';
        const found = pageAt(box, '/usr/share/caddy', path.endsWith('/') ? `${path}index.html` : path);
        if (found.kind !== 'file')
          return {
            status: path === '/' ? 200 : 404,
            body: path === '/' ? 'Caddy works!\n' : '',
            headers: { Server: 'Caddy' },
          };
        return {
          status: 200,
          body: found.body,
          headers: { Server: 'Caddy', 'Content-Type': typeOf(found.path) ?? 'text/plain' },
        };
      },
    }),
  );
  return yield* untilSignal(context);
}
