/** Small web servers of tutorials and demonstrations: each a few sentences over HTTP. */
import type { Box, Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { goNotFound, httpServer, json, plain, serveGo, type HttpRequest, type HttpResponse } from './http-server.ts';
import { goEnds, plainEnds, untilSignal } from './serve.ts';

const path = (request: HttpRequest): string => request.path.split('?')[0] ?? '/';
/** Headers as they came, in their order and with their own capitals. */
const given = (request: HttpRequest): [string, string][] =>
  request.head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
const stamp = (box: Box): string =>
  new Date(box.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');

/** Google's hello-app: a version by the tag. */
export const helloApp = (version: string): Program =>
  function* run(context): Run {
    const { box, io, env } = context;
    const port = Number(env.get('PORT') ?? 8080);
    io.stderr.write(`${stamp(box)} Server listening on port ${port}\n`);
    serveGo(context, port, (request) => {
      io.stderr.write(`${stamp(box)} Serving request: ${path(request)}\n`);
      return plain(`Hello, world!\nVersion: ${version}\nHostname: ${box.hostname}\n`);
    });
    return yield* untilSignal(context, goEnds);
  };

/** Minikube's bootcamp: what the interactive tutorial deploys. */
export const bootcamp = (version: string): Program =>
  function* run(context): Run {
    const { box, io } = context;
    const started = new Date(box.now()).toISOString();
    io.stdout.write(`Kubernetes Bootcamp App Started At: ${started} | Running On:  ${box.hostname} \n\n`);
    let total = 0;
    box.listen(
      8080,
      httpServer({
        now: () => box.now(),
        respond: () => {
          total++;
          io.stdout.write(
            `Running On: ${box.hostname} | Total Requests: ${total} | App Uptime: ${(box.now() - Date.parse(started)) / 1000} seconds | Log Time: ${new Date(box.now()).toISOString()}\n`,
          );
          return plain(`Hello Kubernetes bootcamp! | Running on: ${box.hostname} | v=${version}\n`);
        },
      }),
    );
    return yield* untilSignal(context, plainEnds);
  };

export function* nodeHello(context: Context): Run {
  const { box } = context;
  box.listen(8080, httpServer({ now: () => box.now(), respond: () => plain('Hello Kubernetes!') }));
  return yield* untilSignal(context, plainEnds);
}

/** The load tests' server: computes a million roots and says so. */
export function* hpaExample(context: Context): Run {
  const { box, io } = context;
  io.stderr.write(
    `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${box.network.address}. Set the 'ServerName' directive globally to suppress this message\n`.repeat(
      2,
    ),
  );
  box.listen(
    80,
    httpServer({
      name: 'Apache/2.4.10 (Debian) PHP/5.6.14',
      style: 'apache',
      now: () => box.now(),
      respond: (request) => {
        const found = path(request) === '/' || path(request) === '/index.php';
        const response: HttpResponse = found
          ? {
              status: 200,
              body: 'OK!',
              headers: { 'X-Powered-By': 'PHP/5.6.14', 'Content-Type': 'text/html; charset=UTF-8' },
            }
          : { status: 404, body: '<h1>Not Found</h1>\n', headers: { 'Content-Type': 'text/html; charset=iso-8859-1' } };
        io.stdout.write(
          `${request.from} - - "${request.method} ${request.path} ${request.version}" ${response.status} ${response.body.length}\n`,
        );
        return response;
      },
    }),
  );
  return yield* untilSignal(context);
}

/** HashiCorp's http-echo. */
export function* httpEcho(context: Context): Run {
  const { box, io, argv, env } = context;
  const value = (name: string): string | undefined => {
    for (const [index, word] of argv.entries()) {
      const [, , given] = new RegExp(`^--?(${name})=([^]*)$`).exec(word) ?? [];
      if (given !== undefined) return given;
      if (new RegExp(`^--?${name}$`).test(word)) return argv[index + 1];
    }
    return undefined;
  };
  const unknown = argv
    .slice(1)
    .find((word) => word.startsWith('-') && !/^--?(text|listen|status-code|version|help|h)(=|$)/.test(word));
  if (unknown !== undefined) {
    io.stderr.write(
      `flag provided but not defined: ${unknown.replace(/^--/, '-').replace(/=.*$/, '')}\nUsage of http-echo:\n`,
    );
    return 2;
  }
  if (argv.some((word) => /^--?version$/.test(word))) {
    io.stderr.write('http-echo v1.0.0 (6ce95e4)\n');
    return 0;
  }
  const text = value('text') ?? env.get('ECHO_TEXT') ?? 'hello-world';
  const listen = value('listen') ?? ':5678';
  const port = Number(/(\d+)$/.exec(listen)?.[1] ?? 5678);
  const status = Number(value('status-code') ?? 200);
  io.stderr.write(`${stamp(box)} [INFO] server is listening on ${listen}\n`);
  serveGo(context, port, (request) => {
    if (path(request) === '/health') return json({ status: 'ok' }, 200, 0);
    const body = `${text}\n`;
    io.stdout.write(
      `${stamp(box)} ${request.headers.get('host') ?? ''} ${request.from}:40312 "${request.method} ${request.path} ${request.version}" ${status} ${body.length} "${request.headers.get('user-agent') ?? ''}" 21.4µs\n`,
    );
    return {
      status,
      body,
      headers: { 'X-App-Name': 'http-echo', 'X-App-Version': '1.0.0', 'Content-Type': 'text/plain; charset=utf-8' },
    };
  });
  return yield* untilSignal(context, (name) => {
    if (name !== 'INT' && name !== 'TERM') return undefined;
    io.stderr.write(`${stamp(box)} [INFO] server shutdown complete\n`);
    return 0;
  });
}

/** Kubernetes' echoserver: the request, told back. */
export function* echoserver(context: Context): Run {
  const { box, io, env } = context;
  const port = Number(env.get('PORT') ?? 8080);
  io.stdout.write(`Generating self-signed cert\nStarting nginx\n`);
  box.listen(
    port,
    httpServer({
      name: 'echoserver',
      now: () => box.now(),
      respond: (request) => {
        const host = request.headers.get('host') ?? '';
        const pod = env.has('POD_NAME')
          ? `\tnode name:\t${env.get('NODE_NAME') ?? ''}\n\tpod name:\t${env.get('POD_NAME')}\n\tpod namespace:\t${env.get('POD_NAMESPACE') ?? ''}\n\tpod IP:\t${env.get('POD_IP') ?? ''}\n`
          : '\t-no pod information available-\n';
        const headers = given(request)
          .map(([name, value]) => `\t${name.toLowerCase()}=${value}  \n`)
          .sort()
          .join('');
        io.stdout.write(
          `${request.from} - - "${request.method} ${request.path} ${request.version}" 200 - "${request.headers.get('user-agent') ?? '-'}"\n`,
        );
        return {
          status: 200,
          headers: { 'Content-Type': 'text/plain' },
          body: `\n\nHostname: ${box.hostname}\n\nPod Information:\n${pod}\nServer values:\n\tserver_version=nginx: 1.14.2 - lua: 10015\n\nRequest Information:\n\tclient_address=${request.from}\n\tmethod=${request.method}\n\treal path=${request.path}\n\tquery=${request.path.split('?')[1] ?? ''}\n\trequest_version=${request.version.slice(5)}\n\trequest_scheme=http\n\trequest_uri=http://${host.replace(/:\d+$/, '')}:${port}${request.path}\n\nRequest Headers:\n${headers}\nRequest Body:\n${request.body === '' ? '\t-no body in request-' : request.body}\n\n`,
        };
      },
    }),
  );
  return yield* untilSignal(context);
}

export function* whoami(context: Context): Run {
  const { box, argv, env, io } = context;
  const at = argv.findIndex((word) => /^--?port$/.test(word));
  const asked = argv.find((word) => /^--?port=/.test(word))?.split('=')[1] ?? (at === -1 ? undefined : argv[at + 1]);
  const port = Number(asked ?? env.get('WHOAMI_PORT_NUMBER') ?? 80);
  io.stderr.write(`${stamp(box)} Starting up on port ${port}\n`);
  serveGo(context, port, (request) => {
    if (path(request) === '/health') return plain('');
    const name = env.get('WHOAMI_NAME');
    const intro = name === undefined ? '' : `Name: ${name}\n`;
    if (path(request) === '/api')
      return json(
        {
          hostname: box.hostname,
          ip: ['127.0.0.1', '::1', box.network.address],
          headers: {},
          url: '/api',
          host: request.headers.get('host'),
          method: request.method,
        },
        200,
        0,
      );
    const rest = given(request)
      .filter(([key]) => !/^(host|user-agent|connection)$/i.test(key))
      .map(([key, value]) => `${key}: ${value}\r\n`);
    return plain(
      `${intro}Hostname: ${box.hostname}\nIP: 127.0.0.1\nIP: ::1\nIP: ${box.network.address}\nRemoteAddr: ${request.from}:40312\n${request.method} ${request.path} ${request.version}\r\nHost: ${request.headers.get('host') ?? ''}\r\nUser-Agent: ${request.headers.get('user-agent') ?? ''}\r\n${rest.join('')}\r\n`,
    );
  });
  return yield* untilSignal(context, goEnds);
}

export const podinfo = (version: string): Program =>
  function* run(context): Run {
    const { box, argv, env, io } = context;
    const given1 = argv.find((word) => word.startsWith('--port='))?.split('=')[1];
    const port = Number(given1 ?? env.get('PODINFO_PORT') ?? 9898);
    const at = new Date(box.now()).toISOString();
    io.stderr.write(
      `{"level":"info","ts":"${at}","caller":"podinfo/main.go:155","msg":"Starting podinfo","version":"${version}","revision":"","port":"${port}"}\n`,
    );
    let ready = true;
    let healthy = true;
    serveGo(context, port, (request) => {
      const asked = path(request);
      const [, code] = /^\/status\/(\d+)$/.exec(asked) ?? [];
      if (code !== undefined) return json({ status: Number(code) }, Number(code));
      switch (asked) {
        case '/':
          return json({
            hostname: box.hostname,
            version,
            revision: '',
            color: env.get('PODINFO_UI_COLOR') ?? '#34577c',
            logo: 'https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif',
            message: env.get('PODINFO_UI_MESSAGE') ?? `greetings from podinfo v${version}`,
            goos: 'linux',
            goarch: 'amd64',
            runtime: 'go1.25.1',
            num_goroutine: '8',
            num_cpu: '2',
          });
        case '/healthz':
          return healthy ? json({ status: 'OK' }) : plain('', 503);
        case '/readyz':
          return ready ? json({ status: 'OK' }) : plain('', 503);
        case '/readyz/enable':
        case '/readyz/disable':
          ready = asked.endsWith('enable');
          return json({ status: 'OK' }, 202);
        case '/panic':
          healthy = false;
          return plain('', 500);
        case '/version':
          return json({ commit: '', version });
        case '/env':
        case '/api/info':
          return json([...env].map(([name, value]) => `${name}=${value}`));
        case '/headers':
          return json(Object.fromEntries(given(request).map(([key, value]) => [key, [value]])));
        case '/echo':
        case '/api/echo':
          return { ...plain(request.body), status: 202 };
        case '/metrics':
          return plain(
            '# HELP http_requests_total The total number of HTTP requests.\n# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 1\n',
          );
        default:
          return goNotFound;
      }
    });
    return yield* untilSignal(context);
  };

export function* kuard(context: Context): Run {
  const { box, io } = context;
  io.stderr.write(`${stamp(box)} Starting kuard version: v0.10.0-blue\n${stamp(box)} Serving on :8080\n`);
  let failing = false;
  serveGo(context, 8080, (request) => {
    const asked = path(request);
    if (asked === '/healthy' || asked === '/ready') return failing ? plain('fail', 500) : plain('ok');
    if (asked.startsWith('/healthy/api')) {
      failing = request.method === 'PUT';
      return json({});
    }
    if (asked !== '/') return goNotFound;
    return {
      status: 200,
      body: `<!doctype html>\n\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n\n  <title>KUAR Demo</title>\n</head>\n<body>\n<div class="top">Demo application version <i>v0.10.0-blue</i><br>Serving on ${box.hostname}</div>\n</body>\n</html>\n`,
      headers: { 'Content-Type': 'text/html' },
    };
  });
  return yield* untilSignal(context, goEnds);
}

/** nginx's own demonstration: which server answered. */
export const nginxHello = (asText: boolean): Program =>
  function* run(context): Run {
    const { box } = context;
    const port = asText ? 8080 : 80;
    box.listen(
      port,
      httpServer({
        name: 'nginx/1.29.3',
        now: () => box.now(),
        respond: (request) => {
          const rows: [string, string][] = [
            ['Server address', `${box.network.address}:${port}`],
            ['Server name', box.hostname],
            ['Date', new Date(box.now()).toUTCString()],
            ['URI', request.path],
            ['Request ID', '0'.repeat(32)],
          ];
          return asText
            ? plain(rows.map(([name, value]) => `${name}: ${value}\n`).join(''))
            : {
                status: 200,
                body: `<!DOCTYPE html>\n<html>\n<head>\n<title>Hello World</title>\n</head>\n<body>\n${rows.map(([name, value]) => `<p><span>${name.replace('S', 'S')}:</span> <span>${value}</span></p>`).join('\n')}\n</body>\n</html>\n`,
              };
        },
      }),
    );
    return yield* untilSignal(context);
  };

/** A server that this folder knows nothing more about: takes connections on its ports and answers HTTP with a plain page. */
export const someServer = (
  ports: readonly number[],
  lines: (box: Box) => readonly string[] = () => [],
  body = 'OK\n',
): Program =>
  function* run(context): Run {
    for (const line of lines(context.box)) context.io.stderr.write(`${line}\n`);
    for (const port of ports) serveGo(context, port, () => plain(body));
    return yield* untilSignal(context);
  };

/** The request with its headers, as several demonstrations answer. */
export function* requestEcho(context: Context): Run {
  const { box, io, env } = context;
  const port = Number(env.get('PORT') ?? 8080);
  io.stdout.write(`Echo server listening on port ${port}.\n`);
  serveGo(context, port, (request) => {
    io.stdout.write(`${request.from}:40312 | ${request.method} ${request.path}\n`);
    const headers = given(request).map(([name, value]) => `${name}: ${value}\n`);
    return plain(
      `Request served by ${box.hostname}\n\n${request.method} ${request.path} ${request.version}\n\n${headers.join('')}${request.body === '' ? '' : `\n${request.body}`}`,
    );
  });
  return yield* untilSignal(context, goEnds);
}

const COLOURS: Readonly<Record<string, string>> = {
  red: '#e74c3c',
  green: '#16a085',
  blue: '#2980b9',
  blue2: '#30336b',
  pink: '#be2edd',
  darkblue: '#130f40',
};
/** A page in the colour of APP_COLOR or `--color`. */
export const webappColor = (tag: string): Program =>
  function* run(context): Run {
    const { box, argv, env, io } = context;
    const at = argv.indexOf('--color');
    const byTag = { v1: 'blue', v2: 'green', v3: 'red' }[tag];
    const colour =
      (at === -1 ? undefined : argv[at + 1]) ??
      argv.find((word) => word.startsWith('--color='))?.split('=')[1] ??
      env.get('APP_COLOR') ??
      byTag ??
      'red';
    if (!(colour in COLOURS)) {
      io.stdout.write(`Color not supported. Received '${colour}' expected one of ${Object.keys(COLOURS).join(',')}\n`);
      return 1;
    }
    io.stderr.write(
      ' * Serving Flask app "app" (lazy loading)\n * Running on http://0.0.0.0:8080/ (Press CTRL+C to quit)\n',
    );
    box.listen(
      8080,
      httpServer({
        name: 'Werkzeug/1.0.1 Python/3.6.6',
        now: () => box.now(),
        respond: (request) => {
          io.stderr.write(`${request.from} - - "${request.method} ${request.path} ${request.version}" 200 -\n`);
          if (path(request) === '/color') return plain(colour);
          return {
            status: 200,
            body: `<!doctype html>\n<title>Hello from Flask</title>\n<body style="background: ${COLOURS[colour]};"></body>\n<div style="color: #e4e4e4;\n    text-align:  center;\n    height: 90px;\n    vertical-align:  middle;">\n\n  <h1>Hello from ${box.hostname}!</h1>\n\n</div>`,
            headers: { 'Content-Type': 'text/html; charset=utf-8' },
          };
        },
      }),
    );
    return yield* untilSignal(context, plainEnds);
  };
