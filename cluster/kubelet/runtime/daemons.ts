/** Programs of images that stay and serve: what they print when they start, where they listen, what they answer. */
import { FileError, normalisePath } from '../files/file-view.ts';
import type { Box, Context, Program } from '../shell/box.ts';
import { atOnce, type Run } from '../shell/coroutine.ts';
import { formatDate } from '../commands/date.ts';
import { etcdctl } from '../control-plane/etcdctl.ts';
import { etcdutl } from '../control-plane/etcdutl.ts';
import type { Image } from '../images.ts';
import { httpServer, mute, redisServer, type HttpRequest, type HttpResponse } from './servers.ts';

function* forever(): Run {
  for (;;) yield { until: Infinity, event: true };
}
const MIME: Record<string, string> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  svg: 'image/svg+xml',
};

/** A page out of the container's files. */
function page(box: Box, root: string, { path }: HttpRequest): { status: number; body?: string; type?: string } {
  const asked = decodeURIComponent(path.split('?')[0] ?? '/').replace(/\0/g, '');
  let full = normalisePath(`${root}${normalisePath(asked)}`);
  try {
    if (box.files.find(full)?.kind === 'folder') {
      const index = `${full}/index.html`;
      if (box.files.find(index) === undefined) return { status: asked.endsWith('/') || full === root ? 403 : 404 };
      full = index;
    }
    return {
      status: 200,
      body: box.files.read(full),
      type: MIME[full.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { status: error.fault === 'EACCES' ? 403 : 404 };
  }
}

const WORDS: Record<number, string> = { 403: 'Forbidden', 404: 'Not Found', 405: 'Not Allowed' };
function nginxVersion(image: Image): string {
  const tag = /:(\d+\.\d+\.\d+)/.exec(image.reference)?.[1];
  const minor = /:(\d+\.\d+)/.exec(image.reference)?.[1];
  return (
    tag ??
    (minor === undefined
      ? '1.29.3'
      : `${minor}.${{ '1.29': 3, '1.28': 0, '1.27': 5, '1.26': 3, '1.25': 5 }[minor] ?? 0}`)
  );
}

/** `listen` and `root` of the first server in what is configured. */
function nginxSites({ files }: Box): { ports: number[]; root: string; answer: string | undefined } {
  const texts: string[] = [];
  for (const path of ['/etc/nginx/nginx.conf', '/etc/nginx/conf.d']) {
    try {
      if (files.find(path)?.kind === 'folder')
        for (const name of files.list(path)) texts.push(name.endsWith('.conf') ? files.read(`${path}/${name}`) : '');
      else texts.push(files.read(path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  const text = texts.join('\n').replace(/#[^\n]*/g, '');
  const ports = [...text.matchAll(/\blisten\s+(?:[\d.]+:)?(\d+)/g)].map((match) => Number(match[1]));
  const root = /\broot\s+([^;\s]+)/.exec(text)?.[1] ?? '/usr/share/nginx/html';
  const answer = /\breturn\s+200\s+(['"])(.*?)\1/s.exec(text)?.[2];
  return { ports: [...new Set(ports)], root, answer };
}

const nginx = (image: Image): Program =>
  function* run(context: Context): Run {
    const { box, io, argv } = context;
    const version = nginxVersion(image);
    if (argv.includes('-v') || argv.includes('-V')) {
      io.stderr.write(`nginx version: nginx/${version}\n`);
      return 0;
    }
    if (argv.includes('-t')) {
      io.stderr.write(
        'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
      );
      return 0;
    }
    if (argv.includes('-s')) return 0;
    const site = nginxSites(box);
    const ports = site.ports.length === 0 ? image.listens : site.ports;
    if (box.who.uid !== 0 && ports.some((port) => port < 1024)) {
      io.stderr.write(`nginx: [emerg] bind() to 0.0.0.0:${ports[0]} failed (13: Permission denied)\n`);
      return 1;
    }
    for (const folder of ['/var/cache/nginx/client_temp', '/run']) {
      try {
        box.files.makeFolder(folder, { parents: true });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr.write(`nginx: [emerg] mkdir() "${folder}" failed (30: ${error.message})\n`);
        return 1;
      }
    }
    const stamp = () => formatDate(box.now(), '%Y/%m/%d %H:%M:%S');
    const note = (text: string) => io.stderr.write(`${stamp()} [notice] 1#1: ${text}\n`);
    note('using the "epoll" event method');
    note(`nginx/${version}`);
    note('built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) ');
    note('OS: Linux 6.8.0-51-generic');
    note('getrlimit(RLIMIT_NOFILE): 1048576:1048576');
    note('start worker processes');
    note('start worker process 29');
    note('start worker process 30');
    const respond = (request: HttpRequest): HttpResponse => {
      const { ports: _ports, root, answer } = nginxSites(box);
      const found =
        answer !== undefined
          ? { status: 200, body: answer.replace(/\\n/g, '\n'), type: 'text/plain' }
          : request.method === 'GET' || request.method === 'HEAD'
            ? page(box, root, request)
            : { status: 405 };
      const title = `${found.status} ${WORDS[found.status] ?? ''}`;
      const body =
        found.body ??
        `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`;
      if (found.status === 404)
        io.stderr.write(
          `${stamp()} [error] 29#29: *1 open() "${root}${request.path}" failed (2: No such file or directory), client: ${request.from}, server: localhost, request: "${request.method} ${request.path} HTTP/1.1", host: "${request.headers.get('host') ?? ''}"\n`,
        );
      io.stdout.write(
        `${request.from} - - [${formatDate(box.now(), '%d/%b/%Y:%H:%M:%S +0000')}] "${request.method} ${request.path} HTTP/1.1" ${found.status} ${body.length} "-" "${request.headers.get('user-agent') ?? '-'}" "${request.headers.get('x-forwarded-for') ?? '-'}"\n`,
      );
      return { status: found.status, body, headers: { 'Content-Type': found.type ?? 'text/html' } };
    };
    for (const port of ports)
      box.listen(
        port,
        httpServer(`nginx/${version}`, respond, () => box.now()),
      );
    return yield* forever();
  };

function* dockerEntrypoint(context: Context): Run {
  const { io, argv } = context;
  if (argv[1] === 'nginx') {
    const say = (text: string) => io.stdout.write(`/docker-entrypoint.sh: ${text}\n`);
    say('/docker-entrypoint.d/ is not empty, will attempt to perform configuration');
    say('Looking for shell scripts in /docker-entrypoint.d/');
    say('Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh');
    const writable = context.box.files.may('/etc/nginx/conf.d/default.conf', 2);
    io.stdout.write(
      writable
        ? '10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf\n10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf\n'
        : '10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)\n',
    );
    io.stdout.write('/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh\n');
    say('Launching /docker-entrypoint.d/20-envsubst-on-templates.sh');
    say('Launching /docker-entrypoint.d/30-tune-worker-processes.sh');
    say('Configuration complete; ready for start up');
  }
  return yield* context.call(argv.slice(1));
}

/** busybox's web server. */
function* busyboxHttpd({ box, argv }: Context): Run {
  const option = (name: string, otherwise: string) => {
    const at = argv.indexOf(name);
    return at === -1 ? otherwise : (argv[at + 1] ?? otherwise);
  };
  const root = option('-h', '/');
  box.listen(
    Number(option('-p', '80')),
    httpServer(
      '',
      (request) => {
        const found = page(box, normalisePath(root, '/'), request);
        const body =
          found.body ??
          `<HTML><HEAD><TITLE>${found.status} ${WORDS[found.status]}</TITLE></HEAD>\n<BODY><H1>${found.status} ${WORDS[found.status]}</H1>\nThe requested URL was not found\n</BODY></HTML>\n`;
        return { status: found.status, body, headers: { 'Content-Type': found.type ?? 'text/html' } };
      },
      () => box.now(),
    ),
  );
  if (!argv.includes('-f')) return 0;
  return yield* forever();
}

const texts: Record<string, (box: Box, image: Image, argv: readonly string[], request: HttpRequest) => string> = {
  'hello-app': (box, image) =>
    `Hello, world!\nVersion: ${/:(\d+)/.exec(image.reference)?.[1] ?? '1'}.0.0\nHostname: ${box.hostname}\n`,
  'http-echo': (_box, _image, argv) =>
    `${argv.find((word) => /^--?text=/.test(word))?.replace(/^--?text=/, '') ?? 'hello-world'}\n`,
  echoserver: (box, _image, _argv, request) =>
    `\n\nHostname: ${box.hostname}\n\nRequest Information:\n\tclient_address=${request.from}\n\tmethod=${request.method}\n\treal path=${request.path}\n`,
  agnhost: (box, _image, _argv, request) =>
    request.path.startsWith('/hostname') ? box.hostname : 'NOW: 2026-01-01 00:00:00',
  'hpa-example': () => 'OK!',
};

/** A program of an image that this file knows nothing more about: takes connections, answers HTTP with a plain page. */
const serving = (image: Image, lines: (context: Context) => readonly string[] = () => []): Program =>
  function* run(context): Run {
    const { box, io, argv } = context;
    if (/^(--?v(ersion)?|-V|--help)$/.test(argv[1] ?? '')) {
      io.stdout.write(`${argv[0]} ${image.reference.split(':').at(-1)}\n`);
      return 0;
    }
    for (const line of lines(context)) io.stderr.write(`${line}\n`);
    const name = image.repository.split('/').at(-1) ?? '';
    const text = texts[name];
    const port = /^--?(?:listen|port)=:?(\d+)$/.exec(argv.find((word) => /^--?(listen|port)=/.test(word)) ?? '')?.[1];
    const ports =
      name === 'agnhost' && argv[1] === 'serve-hostname'
        ? [9376]
        : name === 'agnhost' && argv[1] === 'pause'
          ? []
          : port === undefined
            ? image.listens
            : [Number(port)];
    for (const one of ports) {
      if (name === 'redis') box.listen(one, redisServer);
      else if (/mysql|mariadb|postgres|mongo|rabbitmq|memcached|etcd/.test(name)) box.listen(one, mute);
      else if (name === 'httpd') {
        box.listen(
          one,
          httpServer(
            'Apache/2.4.65 (Unix)',
            (request) => {
              const found = page(box, '/usr/local/apache2/htdocs', request);
              const body =
                found.body ??
                `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n`;
              io.stdout.write(
                `${request.from} - - [${formatDate(box.now(), '%d/%b/%Y:%H:%M:%S +0000')}] "${request.method} ${request.path} HTTP/1.1" ${found.status} ${body.length}\n`,
              );
              return {
                status: found.status,
                body,
                headers: { 'Content-Type': found.type ?? 'text/html; charset=iso-8859-1' },
              };
            },
            () => box.now(),
          ),
        );
      } else
        box.listen(
          one,
          httpServer(
            '',
            (request) => ({
              status: 200,
              body: text?.(box, image, argv, request) ?? 'OK\n',
              headers: { 'Content-Type': 'text/plain; charset=utf-8' },
            }),
            () => box.now(),
          ),
        );
    }
    return yield* forever();
  };

const APACHE = ({ box }: Context) => {
  const at = formatDate(box.now(), '%a %b %d %H:%M:%S.000000 %Y');
  const fqdn = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${box.network.address}. Set the 'ServerName' directive globally to suppress this message`;
  return [
    fqdn,
    fqdn,
    `[${at}] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 (Unix) configured -- resuming normal operations`,
    `[${at}] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'`,
  ];
};
const REDIS = ({ box }: Context) => {
  const at = formatDate(box.now(), '%d %b %Y %H:%M:%S.000');
  return [
    `1:C ${at} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo`,
    `1:C ${at} * Redis version=8.2.2, bits=64, commit=00000000, modified=1, pid=1, just started`,
    `1:C ${at} # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf`,
    `1:M ${at} * Running mode=standalone, port=6379.`,
    `1:M ${at} * Server initialized`,
    `1:M ${at} * Ready to accept connections tcp`,
  ];
};
function helloWorld({ io }: Context): number {
  io.stdout.write(
    '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n\nTo generate this message, Docker took the following steps:\n 1. The Docker client contacted the Docker daemon.\n 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.\n    (amd64)\n 3. The Docker daemon created a new container from that image which runs the\n    executable that produces the output you are currently reading.\n 4. The Docker daemon streamed that output to the Docker client, which sent it\n    to your terminal.\n\n',
  );
  return 0;
}
function redisCli({ io, argv, box }: Context): number {
  const dialled = box.network.dial('127.0.0.1', 6379);
  if (dialled.kind !== 'open') {
    io.stderr.write('Could not connect to Redis at 127.0.0.1:6379: Connection refused\n');
    return 1;
  }
  io.stdout.write(
    `${dialled.peer
      .say(`${argv.slice(1).join(' ')}\r\n`)
      .replace(/^\+/, '')
      .trim()}\n`,
  );
  return 0;
}

/** The programs of one image beside the common ones. */
export function daemonsOf(image: Image): Map<string, Program> {
  const programs = new Map<string, Program>();
  const name = image.repository.split('/').at(-1) ?? '';
  const bare = (word: string) => word.split('/').at(-1) ?? '';
  for (const word of [...image.programs, ...image.entrypoint.slice(0, 1), ...image.cmd.slice(0, 1)]) {
    const program = bare(word);
    if (!program.startsWith('-'))
      programs.set(program, serving(image, name === 'httpd' ? APACHE : name === 'redis' ? REDIS : undefined));
  }
  for (const word of [
    'psql',
    'mysql',
    'mysqladmin',
    'pg_isready',
    'mongosh',
    'pip',
    'npm',
    'npx',
    'go',
    'php',
    'kubectl',
    'stress',
  ])
    programs.delete(word);
  if (/nginx/.test(name) || image.programs.includes('nginx')) {
    programs.set('nginx', nginx(image));
    programs.set('nginx-debug', nginx(image));
    programs.set('docker-entrypoint.sh', dockerEntrypoint);
  }
  if (name === 'etcd') {
    programs.set('etcdctl', etcdctl);
    programs.set('etcdutl', etcdutl);
  }
  if (name === 'curl')
    programs.set('entrypoint.sh', (context) => context.call(['sh', '-c', 'exec "$@"', 'sh', ...context.argv.slice(1)]));
  programs.set('hello', (context) => atOnce(() => helloWorld(context)));
  programs.set('redis-cli', (context) => atOnce(() => redisCli(context)));
  for (const shell of ['sh', 'bash', 'curl']) programs.delete(shell);
  if (name === 'busybox' || name === 'alpine') programs.set('httpd', busyboxHttpd);
  return programs;
}
