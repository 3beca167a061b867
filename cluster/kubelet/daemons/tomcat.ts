/** Tomcat: its image has no application of its own, so all it says is 404. */
import { formatDate } from '../commands/date.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer } from './http-server.ts';
import { pageAt, pathOf, untilSignal } from './serve.ts';

export function* tomcat(context: Context): Run {
  const { box, io } = context;
  const say = (text: string) =>
    io.stderr.write(`${formatDate(box.now(), '%d-%b-%Y %H:%M:%S.000')} INFO [main] ${text}\n`);
  say('org.apache.catalina.startup.VersionLoggerListener.log Server version name:   Apache Tomcat/11.0.13');
  say('org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]');
  say('org.apache.catalina.startup.Catalina.start Server startup in [124] milliseconds');
  box.listen(
    8080,
    httpServer({
      now: () => box.now(),
      respond: (request) => {
        const path = pathOf(request.path) ?? '/';
        const found = pageAt(box, '/usr/local/tomcat/webapps/ROOT', path === '/' ? '/index.html' : path);
        if (found.kind === 'file') return { status: 200, body: found.body };
        return {
          status: 404,
          body: '<!doctype html><html lang="en"><head><title>HTTP Status 404 – Not Found</title></head><body><h1>HTTP Status 404 – Not Found</h1><hr class="line" /><h3>Apache Tomcat/11.0.13</h3></body></html>'.replaceAll(
            '–',
            '\xe2\x80\x93',
          ),
          headers: { 'Content-Type': 'text/html;charset=utf-8' },
        };
      },
    }),
  );
  return yield* untilSignal(context, (signal) => (signal === 'TERM' || signal === 'INT' ? 143 : undefined));
}
