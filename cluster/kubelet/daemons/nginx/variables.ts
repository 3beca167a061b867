/** Variables in the texts of a configuration. */
import { formatDate } from '../../commands/date.ts';
import { blockOf, named } from './directives.ts';
import type { Serving, State } from './exchange.ts';

export function fill(site: Serving, text: string, state: State): string {
  return text.replace(/\$(\w+)/g, (all, name: string) => variable(site, name, state) ?? all);
}

function variable(
  site: Serving,
  name: string,
  { request, server, port, uri, args, variables }: State,
): string | undefined {
  const own = variables.get(name);
  if (own !== undefined) return own;
  const host = request.headers.get('host') ?? '';
  const names = named(blockOf(server), 'server_name').flatMap((one) => one.args);
  const forwarded = request.headers.get('x-forwarded-for');
  const known: Record<string, string> = {
    uri,
    document_uri: uri,
    request_uri: request.path,
    args,
    query_string: args,
    is_args: args === '' ? '' : '?',
    host: (host === '' ? (names[0] ?? '') : host).replace(/:\d+$/, '').toLowerCase(),
    http_host: host,
    hostname: site.box.hostname,
    server_name: names[0] ?? '',
    server_addr: site.box.network.address,
    server_port: String(port),
    server_protocol: request.version,
    remote_addr: request.from,
    remote_port: '40312',
    remote_user: '',
    proxy_add_x_forwarded_for: forwarded === undefined ? request.from : `${forwarded}, ${request.from}`,
    proxy_host: '',
    scheme: 'http',
    request_method: request.method,
    request: `${request.method} ${request.path} ${request.version}`,
    request_body: request.body,
    content_type: request.headers.get('content-type') ?? '',
    content_length: request.headers.get('content-length') ?? '',
    nginx_version: site.version,
    pid: '29',
    status: '200',
    time_local: formatDate(site.box.now(), '%d/%b/%Y:%H:%M:%S +0000'),
    time_iso8601: formatDate(site.box.now(), '%Y-%m-%dT%H:%M:%S+00:00'),
    msec: (site.box.now() / 1000).toFixed(3),
    request_id: '0'.repeat(32),
    http_upgrade: request.headers.get('upgrade') ?? '',
  };
  if (known[name] !== undefined) return known[name];
  if (name.startsWith('http_')) return request.headers.get(name.slice(5).replaceAll('_', '-')) ?? '';
  if (name.startsWith('arg_')) return new URLSearchParams(args).get(name.slice(4)) ?? '';
  return /^\d$/.test(name) ? '' : undefined;
}
