/** Apache's httpd: serves its document root, and reads what learners change in httpd.conf. */
import { formatDate } from '../commands/date.ts';
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { httpServer, type HttpRequest, type HttpResponse } from './http-server.ts';
import { pageAt, pathOf, store, textOf, typeOf, untilSignal } from './serve.ts';

const ROOT = '/usr/local/apache2';
const CONFIG = `${ROOT}/conf/httpd.conf`;
const PID = `${ROOT}/logs/httpd.pid`;

const TITLES: Readonly<Record<number, readonly [title: string, text: string]>> = {
  400: ['Bad Request', '<p>Your browser sent a request that this server could not understand.<br />\n</p>'],
  403: ['Forbidden', "<p>You don't have permission to access this resource.</p>"],
  404: ['Not Found', '<p>The requested URL was not found on this server.</p>'],
  405: ['Method Not Allowed', '<p>The requested method POST is not allowed for this URL.</p>'],
};
const fault = (status: number): HttpResponse => {
  const [title, text] = TITLES[status] ?? ['Internal Server Error', ''];
  return {
    status,
    body: `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n${text}\n</body></html>\n`,
    headers: { 'Content-Type': 'text/html; charset=iso-8859-1' },
  };
};

interface Settings {
  ports: number[];
  root: string;
  index: string[];
  serverName: string | undefined;
}
function settingsOf(text: string): Settings {
  const lines = text.split('\n').map((line) => line.trim());
  const values = (name: string) =>
    lines.flatMap((line) => {
      const [, rest] = new RegExp(`^${name}\\s+(.*)$`, 'i').exec(line) ?? [];
      return rest === undefined ? [] : [rest.replace(/"/g, '')];
    });
  return {
    ports: values('Listen').map((value) => Number(/(\d+)$/.exec(value)?.[1] ?? 80)),
    root: values('DocumentRoot')[0] ?? `${ROOT}/htdocs`,
    index: values('DirectoryIndex').flatMap((value) => value.split(/\s+/)),
    serverName: values('ServerName')[0],
  };
}

/** What Apache would not read. */
function mistakeIn(text: string): string | undefined {
  const open: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const where = `AH00526: Syntax error on line ${index + 1} of ${CONFIG}:\n`;
    if (line === '' || line.startsWith('#')) continue;
    const [, closing, name = ''] = /^<(\/?)(\w+)/.exec(line) ?? [];
    if (closing === undefined) {
      const [word = ''] = line.split(/\s+/);
      if (!/^[A-Z][A-Za-z0-9]*$/.test(word))
        return `${where}Invalid command '${word}', perhaps misspelled or defined by a module not included in the server configuration`;
    } else if (closing === '') open.push(name);
    else if (open.pop() !== name) return `${where}</${name}> without matching <${name}> section`;
  }
  const last = open.at(-1);
  return last === undefined ? undefined : `httpd: Syntax error: <${last}> was not closed.`;
}

function* httpd({ box, io, argv, pending }: Context, version: string): Run {
  if (argv.includes('-v') || argv.includes('-V')) {
    io.stdout.write(`Server version: Apache/${version} (Unix)\nServer built:   Jul 23 2025 00:00:00\n`);
    return 0;
  }
  const text = textOf(box, CONFIG);
  if (text === undefined) {
    io.stderr.write(`httpd: Could not open configuration file ${CONFIG}: No such file or directory\n`);
    return 1;
  }
  const mistake = mistakeIn(text);
  if (mistake !== undefined) {
    io.stderr.write(`${mistake}\n`);
    return 1;
  }
  const settings = settingsOf(text);
  const at = () => `${formatDate(box.now(), '%a %b %d %H:%M:%S')}.000000 ${formatDate(box.now(), '%Y')}`;
  if (settings.serverName === undefined) {
    const unnamed = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${box.network.address}. Set the 'ServerName' directive globally to suppress this message\n`;
    io.stderr.write(unnamed);
    if (!argv.includes('-t')) io.stderr.write(unnamed);
  }
  if (argv.includes('-t')) {
    io.stderr.write('Syntax OK\n');
    return 0;
  }
  const signal = argv[argv.indexOf('-k') + 1];
  if (argv.includes('-k') && (signal === 'graceful' || signal === 'restart' || signal === 'stop')) {
    box.kill(1, signal === 'stop' ? 'TERM' : 'USR1');
    return 0;
  }
  if (settings.ports.length === 0) {
    io.stderr.write('no listening sockets available, shutting down\nAH00015: Unable to open logs\n');
    return 1;
  }
  if (!store(box, PID, '1\n')) {
    io.stderr.write(
      `(13)Permission denied: AH00099: could not create ${PID}\nAH00100: httpd: could not log pid to file ${PID}\n`,
    );
    return 1;
  }
  const note = (where: string, message: string) => io.stderr.write(`[${at()}] [${where}] [pid 1:tid 1] ${message}\n`);
  note('mpm_event:notice', `AH00489: Apache/${version} (Unix) configured -- resuming normal operations`);
  note('core:notice', "AH00094: Command line: 'httpd -D FOREGROUND'");
  const respond = (request: HttpRequest): HttpResponse => {
    const { root, index } = settingsOf(textOf(box, CONFIG) ?? text);
    const response = answer(request, root, index.length === 0 ? ['index.html'] : index);
    io.stdout.write(
      `${request.from} - - [${formatDate(box.now(), '%d/%b/%Y:%H:%M:%S +0000')}] "${request.method} ${request.path} ${request.version}" ${response.status} ${response.body.length === 0 ? '-' : response.body.length}\n`,
    );
    return response;
  };
  const answer = (request: HttpRequest, root: string, names: readonly string[]): HttpResponse => {
    const asked = pathOf(request.path);
    if (asked === undefined) return fault(400);
    if (request.method === 'OPTIONS')
      return { status: 200, body: '', headers: { Allow: 'POST,OPTIONS,HEAD,GET', 'Content-Type': 'text/html' } };
    let page = pageAt(box, root, asked);
    if (page.kind === 'folder') {
      if (!asked.endsWith('/'))
        return {
          status: 301,
          body: `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>301 Moved Permanently</title>\n</head><body>\n<h1>Moved Permanently</h1>\n<p>The document has moved <a href="http://${request.headers.get('host')}${asked}/">here</a>.</p>\n</body></html>\n`,
          headers: {
            Location: `http://${request.headers.get('host')}${asked}/`,
            'Content-Type': 'text/html; charset=iso-8859-1',
          },
        };
      const folder = page.path;
      const found = names.map((name) => pageAt(box, folder, name)).find((one) => one.kind === 'file');
      if (found === undefined) {
        const rows = box.files
          .list(folder)
          .map((name) => `<li><a href="${name}"> ${name}</a></li>\n`)
          .join('');
        return {
          status: 200,
          body: `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html>\n <head>\n  <title>Index of ${asked.replace(/(.)\/$/, '$1')}</title>\n </head>\n <body>\n<h1>Index of ${asked.replace(/(.)\/$/, '$1')}</h1>\n<ul>${rows}</ul>\n</body></html>\n`,
          headers: { 'Content-Type': 'text/html;charset=ISO-8859-1' },
        };
      }
      page = found;
    }
    if (page.kind === 'denied') return fault(403);
    if (page.kind !== 'file') return fault(404);
    const type = typeOf(page.path);
    return {
      status: 200,
      body: page.body,
      headers: {
        'Last-Modified': new Date(page.mtime).toUTCString(),
        ETag: `"${page.body.length.toString(16)}-${page.mtime.toString(16)}"`,
        'Accept-Ranges': 'bytes',
        'Content-Type': type ?? '',
      },
    };
  };
  const open = () => {
    for (const port of settingsOf(textOf(box, CONFIG) ?? text).ports)
      box.listen(
        port,
        httpServer({ name: `Apache/${version} (Unix)`, style: 'apache', now: () => box.now(), respond }),
      );
  };
  open();
  return yield* untilSignal({ pending }, (name) => {
    if (name === 'USR1' || name === 'HUP') {
      note('mpm_event:notice', 'AH00493: SIGUSR1 received.  Doing graceful restart');
      open();
      return undefined;
    }
    if (name === 'WINCH') {
      note('mpm_event:notice', 'AH00492: caught SIGWINCH, shutting down gracefully');
      return 0;
    }
    if (name !== 'TERM' && name !== 'INT') return undefined;
    note('mpm_event:notice', 'AH00491: caught SIGTERM, shutting down');
    return 0;
  });
}

export const httpdProgram =
  (version: string): Program =>
  (context) =>
    httpd(context, version);
