/** WordPress: needs its database, and then shows the page that sets it up. */
import { resolveNow } from '../commands/resolve.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpResponse } from './http-server.ts';
import { untilSignal } from './serve.ts';

export function* wordpressEntrypoint({ io, argv, call, box }: Context): Run {
  if (argv[1] === 'apache2-foreground' && box.files.find('/var/www/html/index.php') === undefined) {
    io.stderr.write('WordPress not found in /var/www/html - copying now...\n');
    if (box.files.may('/var/www/html', 2)) box.files.write('/var/www/html/index.php', '<?php\n');
    io.stderr.write('Complete! WordPress has been successfully copied to /var/www/html\n');
    io.stderr.write(
      "No 'wp-config.php' found in /var/www/html, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php' (WORDPRESS_DB_HOST WORDPRESS_DB_PASSWORD WORDPRESS_DB_USER)\n",
    );
  }
  return yield* call(argv.slice(1));
}

export function* wordpressServer(context: Context): Run {
  const { box, io, env } = context;
  const unnamed = `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${box.network.address}. Set the 'ServerName' directive globally to suppress this message\n`;
  io.stderr.write(unnamed + unnamed);
  const [host = 'mysql', port = '3306'] = (env.get('WORDPRESS_DB_HOST') ?? 'mysql').split(':');
  const respond = (): HttpResponse => {
    const found = resolveNow(box, host);
    const up = found.kind === 'found' && box.network.dial(found.addresses[0] ?? '', Number(port)).kind === 'open';
    if (!up)
      return {
        status: 500,
        body: '<!DOCTYPE html>\n<html lang="en-US">\n<head>\n\t<title>Database Error</title>\n</head>\n<body><h1>Error establishing a database connection</h1></body>\n</html>\n',
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
      };
    return {
      status: 302,
      body: '',
      headers: {
        Location: `/wp-admin/install.php`,
        'X-Powered-By': 'PHP/8.3.27',
        'X-Redirect-By': 'WordPress',
        'Content-Type': 'text/html; charset=UTF-8',
      },
    };
  };
  box.listen(
    80,
    httpServer({
      name: 'Apache/2.4.65 (Debian)',
      style: 'apache',
      now: () => box.now(),
      respond: (request) => {
        const home = request.path.startsWith('/wp-admin/install.php');
        const checked = respond();
        const response =
          home && checked.status === 302
            ? {
                status: 200,
                body: '<!DOCTYPE html>\n<html lang="en-US">\n<head>\n\t<title>WordPress &rsaquo; Installation</title>\n</head>\n<body class="wp-core-ui">\n<p id="logo">WordPress</p>\n</body>\n</html>\n',
              }
            : checked;
        io.stdout.write(
          `${request.from} - - "${request.method} ${request.path} ${request.version}" ${response.status} ${response.body.length}\n`,
        );
        return response;
      },
    }),
  );
  return yield* untilSignal(context);
}
