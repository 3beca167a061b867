/** What a location answers with: who may see it, then a proxy or files. */
import { normalisePath } from '../../files/file-view.ts';
import { pageAt, textOf, typeOf } from '../serve.ts';
import { added, faultPage, faulty, listing, redirect } from './answers.ts';
import type { Directive } from './config.ts';
import { blockOf, last, named } from './directives.ts';
import type { Answered, Serving, State } from './exchange.ts';
import { proxied } from './proxy-pass.ts';
import { fill } from './variables.ts';

export function content(
  site: Serving,
  state: State,
  location: Directive | undefined,
  outer: readonly Directive[],
  inner: readonly Directive[],
): Answered {
  const either = (name: string) => last(inner, name) ?? last(outer, name);
  const proxy = last(inner, 'proxy_pass');
  if (
    named(inner, 'deny').some((one) => one.args[0] === 'all') &&
    !named(inner, 'allow').some((one) => one.args[0] === state.request.from)
  )
    return { ...denied(site, state), problem: 'access forbidden by rule' };
  if (last(inner, 'internal')) return { response: faultPage(site, 404), logged: true };
  if (last(inner, 'stub_status'))
    return {
      response: {
        status: 200,
        body: `Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n`,
        headers: { 'Content-Type': 'text/plain' },
      },
      logged: true,
    };
  const password = either('auth_basic');
  if (password !== undefined && password.args[0] !== 'off' && !isUser(site, either('auth_basic_user_file'), state)) {
    const fault = faultPage(site, 401);
    return {
      response: { ...fault, headers: { ...fault.headers, 'WWW-Authenticate': `Basic realm="${password.args[0]}"` } },
      logged: true,
    };
  }
  if (proxy !== undefined) return proxied(site, proxy, state, location, inner, outer);
  const { method } = state.request;
  const root = fill(site, either('root')?.args[0] ?? '/etc/nginx/html', state);
  const alias = last(inner, 'alias')?.args[0];
  const fileOf = (uri: string) =>
    alias === undefined
      ? normalisePath(root + uri, '/etc/nginx')
      : `${fill(site, alias, state)}${uri.slice((location?.args.at(-1) ?? '').length)}`;
  const tries = either('try_files');
  if (tries !== undefined) {
    const names = tries.args.slice(0, -1).map((one) => fill(site, one, state));
    const hit = names.find((name) => {
      const node = site.box.files.find(normalisePath(fileOf(name.replace(/\/$/, ''))));
      return name.endsWith('/') ? node?.kind === 'folder' : node !== undefined && node.kind !== 'folder';
    });
    if (hit === undefined) {
      const fallback = tries.args.at(-1) ?? '';
      if (/^=\d+$/.test(fallback)) return faulty(site, Number(fallback.slice(1)), state, outer, inner);
      if (fallback.startsWith('@')) {
        const to = named(blockOf(state.server), 'location').find((one) => one.args[0] === fallback);
        return to ? content(site, state, to, outer, blockOf(to)) : faulty(site, 500, state, outer, inner);
      }
      const [uri = '/', query] = fill(site, fallback, state).split('?');
      state.uri = uri;
      if (query !== undefined) state.args = query;
      return site.run(state);
    }
    state.uri = hit;
  }
  if (method !== 'GET' && method !== 'HEAD') return faulty(site, 405, state, outer, inner);
  const full = fileOf(state.uri);
  const page = pageAt(site.box, '', full);
  const failed = (status: number, words: string): Answered => ({
    ...faulty(site, status, state, outer, inner),
    problem: words,
  });
  if (page.kind === 'folder') {
    if (!state.uri.endsWith('/')) return redirect(site, 301, `${state.uri}/`, state);
    const names = either('index')?.args ?? ['index.html'];
    const index = names.find((name) => site.box.files.find(`${page.path}/${name}`)?.kind === 'file');
    if (index !== undefined) {
      state.uri += index;
      return site.run(state);
    }
    if (either('autoindex')?.args[0] === 'on') return { response: listing(site, page.path, state.uri), logged: true };
    return failed(403, `directory index of "${full.replace(/\/?$/, '/')}" is forbidden`);
  }
  if (page.kind === 'missing') return failed(404, `open() "${full}" failed (2: No such file or directory)`);
  if (page.kind === 'denied') return failed(403, `open() "${full}" failed (13: Permission denied)`);
  const tag = `"${Math.floor(page.mtime / 1000).toString(16)}-${page.body.length.toString(16)}"`;
  const modified = new Date(page.mtime).toUTCString();
  const headers = {
    'Content-Type': typeOf(page.path) ?? either('default_type')?.args[0] ?? 'text/plain',
    'Last-Modified': modified,
    ETag: tag,
    'Accept-Ranges': 'bytes',
    ...added(site, [...outer, ...inner], state, 200),
  };
  if (state.request.headers.get('if-none-match') === tag)
    return { response: { status: 304, body: '', headers }, logged: true };
  return { response: { status: 200, body: page.body, headers }, logged: true };
}

function isUser(site: Serving, file: Directive | undefined, state: State): boolean {
  const [, given = ''] = /^Basic (.*)$/.exec(state.request.headers.get('authorization') ?? '') ?? [];
  const [user = '', password = ''] = Buffer.from(given, 'base64').toString('latin1').split(':');
  const lines = textOf(site.box, normalisePath(file?.args[0] ?? '', '/etc/nginx'))?.split('\n') ?? [];
  // only passwords that are not scrambled can be compared here; a scrambled one lets its user in
  return lines.some((line) => line === `${user}:{PLAIN}${password}` || (user !== '' && line.startsWith(`${user}:$`)));
}

function denied(site: Serving, state: State): Answered {
  return faulty(site, 403, state, [...site.http, ...blockOf(state.server)], []);
}
