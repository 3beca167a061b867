/** python: its web server, and one-liners of the simplest kind. Anything else it says it can't run here. */
import { formatDate } from '../commands/date.ts';
import { normalisePath } from '../files/file-view.ts';
import { textOf } from './serve.ts';
import type { Context, Program } from '../shell/box.ts';
import { readAll, type Run, type Wait } from '../shell/coroutine.ts';
import { httpServer, type HttpRequest, type HttpResponse } from './http-server.ts';
import { pageAt, pathOf, pause, plainEnds, typeOf, untilSignal } from './serve.ts';

const failure = (code: number, message: string, explained: string): HttpResponse => ({
  status: code,
  body: `<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <style type="text/css">\n            :root {\n                color-scheme: light dark;\n            }\n        </style>\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${code}</p>\n        <p>Message: ${message}.</p>\n        <p>Error code explanation: ${code} - ${explained}.</p>\n    </body>\n</html>\n`,
  headers: { 'Content-Type': 'text/html;charset=utf-8' },
});

function* webServer(context: Context, version: string): Run {
  const { box, io, argv, env, cwd } = context;
  const words = argv.slice(argv.indexOf('http.server') + 1);
  let root = cwd;
  let port = 8000;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-d' || word === '--directory') root = normalisePath(words[++at] ?? '', cwd);
    else if (word === '-b' || word === '--bind') at++;
    else if (/^\d+$/.test(word)) port = Number(word);
  }
  // what goes to a pipe is held back until there is much of it
  if (io.stdout.isTerminal || argv.includes('-u') || env.has('PYTHONUNBUFFERED'))
    io.stdout.write(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`);
  const respond = (request: HttpRequest): HttpResponse => {
    const path = pathOf(request.path) ?? '/';
    const found = pageAt(box, root, path);
    const note = (text: string) =>
      io.stderr.write(`${request.from} - - [${formatDate(box.now(), '%d/%b/%Y %H:%M:%S')}] ${text}\n`);
    const done = (response: HttpResponse): HttpResponse => {
      note(`"${request.method} ${request.path} ${request.version}" ${response.status} -`);
      return response;
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      note(`code 501, message Unsupported method ('${request.method}')`);
      return done(failure(501, `Unsupported method ('${request.method}')`, 'Server does not support this operation'));
    }
    if (found.kind === 'folder' && !path.endsWith('/'))
      return done({ status: 301, body: '', headers: { Location: `${path}/` } });
    const index = found.kind === 'folder' ? pageAt(box, found.path, 'index.html') : found;
    if (index.kind === 'file')
      return done({
        status: 200,
        body: index.body,
        headers: {
          'Content-Type': typeOf(index.path) ?? 'application/octet-stream',
          'Last-Modified': new Date(index.mtime).toUTCString(),
        },
      });
    if (found.kind === 'folder') {
      const rows = box.files.list(found.path).map((name) => {
        const shown = box.files.find(`${found.path}/${name}`)?.kind === 'folder' ? `${name}/` : name;
        return `<li><a href="${encodeURI(shown)}">${shown}</a></li>\n`;
      });
      return done({
        status: 200,
        body: `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<style type="text/css">\n:root {\ncolor-scheme: light dark;\n}\n</style>\n<title>Directory listing for ${path}</title>\n</head>\n<body>\n<h1>Directory listing for ${path}</h1>\n<hr>\n<ul>\n${rows.join('')}</ul>\n<hr>\n</body>\n</html>\n`,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
      });
    }
    note('code 404, message File not found');
    return done(failure(404, 'File not found', 'Nothing matches the given URI'));
  };
  box.listen(
    port,
    httpServer({ name: `SimpleHTTP/0.6 Python/${version}`, style: 'apache', now: () => box.now(), respond }),
  );
  return yield* untilSignal(context, plainEnds);
}

const STRING = /^[rbf]?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')$/;
const unquoted = (text: string): string =>
  text.replace(/\\(.)/g, (_all, code: string) => ({ n: '\n', t: '\t', r: '\r' })[code] ?? code);

/** A text or a number: what a simple `print` has between its brackets. */
function valueOf(text: string, context: Context): string | undefined {
  const trimmed = text.trim();
  const [, double, single] = STRING.exec(trimmed) ?? [];
  if (double !== undefined || single !== undefined) return unquoted(double ?? single ?? '');
  if (/^[\d+\-*/ ().]+$/.test(trimmed) && /\d/.test(trimmed) && trimmed.length < 60) return sumOf(trimmed);
  const [, name] = /^os\.(?:environ(?:\.get)?[[(]|getenv\()["'](\w+)["'][\])]$/.exec(trimmed) ?? [];
  if (name !== undefined) return context.env.get(name) ?? 'None';
  if (/^(socket\.gethostname\(\)|platform\.node\(\))$/.test(trimmed)) return context.box.hostname;
  return undefined;
}
/** `2*3+1`: two levels of operators, no brackets. */
function sumOf(text: string): string | undefined {
  if (/[()]/.test(text)) return undefined;
  let sum = 0;
  for (const [, sign = '', term = ''] of text.replace(/\s+/g, '').matchAll(/([+-]?)([^+-]+)/g)) {
    let value = 1;
    for (const [, operator, digits = ''] of term.matchAll(/([*/]?)([\d.]+)/g))
      value = operator === '/' ? value / Number(digits) : value * Number(digits);
    sum += sign === '-' ? -value : value;
  }
  return String(sum);
}

/** Runs the lines that it knows. undefined: there is one that it does not. */
function* script(context: Context, text: string): Generator<Wait, number | undefined, void> {
  const lines = text.split(/[\n;]/).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  for (const raw of lines) {
    const line = raw.trim();
    if (/^(import|from) [\w., ]+/.test(line) || line === 'pass') continue;
    const [, printed] = /^print\((.*)\)$/s.exec(line) ?? [];
    if (printed !== undefined) {
      const parts = printed.replace(/,\s*flush=True$/, '').trim();
      const value = parts === '' ? '' : valueOf(parts, context);
      if (value === undefined) return undefined;
      context.io.stdout.write(`${value}\n`);
      continue;
    }
    const [, seconds] = /^(?:time\.)?sleep\(([\d.]+)\)$/.exec(line) ?? [];
    if (seconds !== undefined) {
      const early = yield* pause(context, Number(seconds) * 1000);
      if (early !== undefined) return early;
      continue;
    }
    const [, code] = /^(?:sys\.)?exit\((\d*)\)$/.exec(line) ?? [];
    if (code !== undefined) return Number(code);
    return undefined;
  }
  return 0;
}

export const pythonProgram = (version: string): Program =>
  function* python(context): Run {
    const { io, argv, box, cwd } = context;
    const words = argv.slice(1).filter((word) => word !== '-u');
    const [first = ''] = words;
    if (/^(-V|--version)$/.test(first)) {
      io.stdout.write(`Python ${version}\n`);
      return 0;
    }
    if (first === '-m' && words[1] === 'http.server') return yield* webServer(context, version);
    const cannot = (what: string): number => {
      io.stderr.write(`${argv[0]}: can't run ${what} here: the simulated cluster has no Python\n`);
      return 1;
    };
    if (first === '-m') return cannot(`the module ${words[1] ?? ''}`);
    const file = first.startsWith('-') ? undefined : first;
    if (file !== undefined && file !== '' && textOf(box, normalisePath(file, cwd)) === undefined) {
      io.stderr.write(
        `${argv[0]}: can't open file '${normalisePath(file, cwd)}': [Errno 2] No such file or directory\n`,
      );
      return 2;
    }
    const text =
      first === '-c'
        ? (words[1] ?? '')
        : file !== undefined && file !== ''
          ? (textOf(box, normalisePath(file, cwd)) ?? '')
          : yield* readAll(io.stdin);
    const code = yield* script(context, text);
    return code ?? cannot('this script');
  };
