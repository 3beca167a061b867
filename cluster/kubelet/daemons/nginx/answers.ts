/** Answers that nginx writes itself: failures, redirections, listings. */
import { formatDate } from '../../commands/date.ts';
import { REASONS, type HttpResponse } from '../http-server.ts';
import type { Directive } from './config.ts';
import { named } from './directives.ts';
import type { Answered, Serving, State } from './exchange.ts';
import { fill } from './variables.ts';

export function redirect(site: Serving, status: number, target: string, state: State): Answered {
  const host = state.request.headers.get('host') ?? 'localhost';
  const location = target.startsWith('/') ? `http://${host}${target}` : target;
  const fault = faultPage(site, status);
  return { response: { ...fault, headers: { ...fault.headers, Location: location } }, logged: true };
}

export function added(
  site: Serving,
  directives: readonly Directive[],
  state: State,
  status: number,
): Record<string, string> {
  const found = named(directives, 'add_header').filter(
    (one) => one.args.includes('always') || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status),
  );
  return Object.fromEntries(found.map(({ args }) => [args[0] ?? '', fill(site, args[1] ?? '', state)]));
}

export function listing(site: Serving, folder: string, uri: string): HttpResponse {
  const rows = site.box.files.list(folder).map((name) => {
    const node = site.box.files.find(`${folder}/${name}`);
    const shown = node?.kind === 'folder' ? `${name}/` : name;
    const size = node?.kind === 'file' ? String(node.data.length) : '-';
    return `<a href="${shown}">${shown}</a>${' '.repeat(Math.max(1, 51 - shown.length))}${formatDate(node?.mtime ?? 0, '%d-%b-%Y %H:%M')} ${size.padStart(19)}\r\n`;
  });
  return {
    status: 200,
    body: `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('')}</pre><hr></body>\r\n</html>\r\n`,
    headers: { 'Content-Type': 'text/html' },
  };
}

/** A failure, or the page that is configured for it. */
export function faulty(
  site: Serving,
  status: number,
  state: State,
  outer: readonly Directive[],
  inner: readonly Directive[],
): Answered {
  const pages = [...named(inner, 'error_page'), ...named(outer, 'error_page')];
  const page = pages.find((one) => one.args.includes(String(status)));
  const target = page?.args.at(-1);
  const response = faultPage(site, status);
  if (target === undefined || !target.startsWith('/') || state.rounds > 2) return { response, logged: true };
  state.uri = target;
  state.rounds += 2;
  const found = site.run(state);
  const asked = page?.args.find((one) => /^=\d+$/.test(one))?.slice(1);
  return found.response.status === 200
    ? { response: { ...found.response, status: asked === undefined ? status : Number(asked) }, logged: true }
    : { response, logged: true };
}

export function faultPage(site: Serving, status: number): HttpResponse {
  const title = `${status} ${REASONS[status] ?? ''}`.trim();
  return {
    status,
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${site.banner}</center>\r\n</body>\r\n</html>\r\n`,
    headers: { 'Content-Type': 'text/html' },
  };
}
