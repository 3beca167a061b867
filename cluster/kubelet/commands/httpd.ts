/** busybox's web server. */
import { httpServer, type HttpRequest, type HttpResponse } from '../daemons/http-server.ts';
import { pageAt, pathOf, typeOf, untilSignal } from '../daemons/serve.ts';
import { normalisePath } from '../files/file-view.ts';
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';

const WORDS: Readonly<Record<number, readonly [title: string, text: string]>> = {
  403: ['Forbidden', ''],
  404: ['Not Found', 'The requested URL was not found'],
  501: ['Not Implemented', 'The requested method is not recognized'],
};

function* httpd(context: Context): Run {
  const { box, io, argv, cwd } = context;
  const option = (letter: string): string | undefined => {
    const at = argv.findIndex((word) => word.startsWith(`-${letter}`));
    const word = argv[at] ?? '';
    return at === -1 ? undefined : word.length > 2 ? word.slice(2) : argv[at + 1];
  };
  const unknown = argv.slice(1).find((word) => /^-[^fivpuceh rmd]/.test(word));
  if (unknown !== undefined) {
    io.stderr.write(`httpd: invalid option -- '${unknown.charAt(1)}'\n`);
    return 1;
  }
  const root = normalisePath(option('h') ?? '.', cwd);
  const port = Number(/(\d+)$/.exec(option('p') ?? '80')?.[1] ?? 80);
  if (box.files.find(root)?.kind !== 'folder') {
    io.stderr.write(`httpd: can't change directory to '${option('h')}': No such file or directory\n`);
    return 1;
  }
  const failed = (status: number): HttpResponse => {
    const [title = '', text = ''] = WORDS[status] ?? [];
    return {
      status,
      body: `<HTML><HEAD><TITLE>${status} ${title}</TITLE></HEAD>\n<BODY><H1>${status} ${title}</H1>\n${text}\n</BODY></HTML>\n`,
      headers: { 'Content-Type': 'text/html' },
    };
  };
  const answer = (request: HttpRequest): HttpResponse => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return failed(501);
    const path = pathOf(request.path) ?? '/';
    const found = pageAt(box, root, path.endsWith('/') ? `${path}index.html` : path);
    if (found.kind === 'folder') return { status: 302, body: '', headers: { Location: `${path}/` } };
    if (found.kind === 'denied') return failed(403);
    if (found.kind !== 'file') return failed(404);
    return {
      status: 200,
      body: found.body,
      headers: {
        'Content-Type': typeOf(found.path) ?? 'application/octet-stream',
        'Accept-Ranges': 'bytes',
        'Last-Modified': new Date(found.mtime).toUTCString(),
        ETag: `"${Math.floor(found.mtime / 1000).toString(16)}-${found.body.length.toString(16)}"`,
      },
    };
  };
  const verbose = argv.includes('-v') || argv.includes('-vv') || argv.includes('-fv');
  box.listen(
    port,
    httpServer({
      style: 'apache',
      now: () => box.now(),
      respond: (request) => {
        const response = answer(request);
        if (verbose) io.stderr.write(`[::ffff:${request.from}]:40312: response:${response.status}\n`);
        return response;
      },
    }),
  );
  // without -f it goes to the background, and the port stays open
  if (!argv.some((word) => /^-[iv]*f/.test(word))) return 0;
  return yield* untilSignal(context, () => undefined);
}

export const HTTPD: Readonly<Record<string, Program>> = { httpd };
