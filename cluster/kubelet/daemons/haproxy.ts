/** HAProxy: its image brings no configuration, and without one it does not start. */
import { resolveNow } from '../commands/resolve.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { textOf, untilSignal } from './serve.ts';

export function* haproxy(context: Context): Run {
  const { box, io, argv } = context;
  const path = argv[argv.indexOf('-f') + 1] ?? '';
  const text = textOf(box, path);
  if (text === undefined) {
    io.stderr.write(`[ALERT]    (1) : Cannot open configuration file/directory ${path} : No such file or directory\n`);
    return 1;
  }
  io.stderr.write('[NOTICE]   (1) : Initializing new worker (8)\n[NOTICE]   (1) : Loading success.\n');
  const servers = [...text.matchAll(/^\s*server\s+\S+\s+([^\s:]+):(\d+)/gm)].map(([, host = '', port = '80']) => ({
    host,
    port: Number(port),
  }));
  let turn = 0;
  for (const [, port] of text.matchAll(/^\s*bind\s+[^\s:]*:(\d+)/gm))
    box.listen(Number(port), () => {
      const server = servers[turn++ % Math.max(servers.length, 1)];
      const found = server && resolveNow(box, server.host);
      const [address] = found?.kind === 'found' ? found.addresses : [];
      const dialled =
        address === undefined || server === undefined ? undefined : box.network.dial(address, server.port);
      if (dialled?.kind === 'open') return dialled.peer;
      const peer = {
        closed: false,
        say(): string {
          peer.closed = true;
          return `HTTP/1.0 503 Service Unavailable\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n`;
        },
      };
      return peer;
    });
  return yield* untilSignal(context);
}
