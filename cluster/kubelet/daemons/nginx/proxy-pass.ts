/** `proxy_pass`: asks the servers behind, one after another until one answers. */
import { resolveNow } from '../../commands/resolve.ts';
import { added, faulty } from './answers.ts';
import type { Directive } from './config.ts';
import { blockOf, named } from './directives.ts';
import type { Answered, Serving, State } from './exchange.ts';
import { fill } from './variables.ts';

export function proxied(
  site: Serving,
  proxy: Directive,
  state: State,
  location: Directive | undefined,
  inner: readonly Directive[],
  outer: readonly Directive[],
): Answered {
  const { request } = state;
  const target = fill(site, proxy.args[0] ?? '', state);
  const [, hostPort = '', path = ''] = /^https?:\/\/([^/]+)(\/.*)?$/.exec(target) ?? [];
  const upstream = named(site.http, 'upstream').find((one) => one.args[0] === hostPort);
  const servers =
    upstream === undefined ? [hostPort] : named(blockOf(upstream), 'server').map((one) => one.args[0] ?? '');
  const prefix = location?.args.at(-1) ?? '';
  const rest = path === '' ? request.path : path + request.path.slice(prefix.length);
  const headers = new Map([...request.headers].filter(([name]) => !['host', 'connection'].includes(name)));
  headers.set('host', hostPort);
  for (const one of [...named(outer, 'proxy_set_header'), ...named(inner, 'proxy_set_header')])
    headers.set((one.args[0] ?? '').toLowerCase(), fill(site, one.args[1] ?? '', state));
  const head = [...headers]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${value}\r\n`);
  const from = site.box.random() * servers.length;
  const url = (one: string) => `http://${one}${rest}`;
  let problem = 'no live upstreams while connecting to upstream';
  let status = 502;
  for (let tried = 0; tried < servers.length; tried++) {
    const server = servers[Math.floor(from + tried) % servers.length] ?? '';
    const [, host = '', port = '80'] = /^(.*?)(?::(\d+))?$/.exec(server) ?? [];
    const resolved = resolveNow(site.box, host);
    if (resolved.kind !== 'found') {
      problem = `${host} could not be resolved (3: Host not found)`;
      continue;
    }
    const [address = ''] = resolved.addresses;
    const dialled = site.box.network.dial(address, Number(port));
    if (dialled.kind !== 'open') {
      const why = {
        refused: '111: Connection refused',
        silent: '110: Operation timed out',
        unreachable: '113: Host is unreachable',
      };
      problem = `connect() failed (${why[dialled.kind]}) while connecting to upstream`;
      if (dialled.kind === 'silent') {
        status = 504;
        problem = 'upstream timed out (110: Operation timed out) while connecting to upstream';
      } else status = 502;
      problem += `|${url(`${address}:${port}`)}`;
      continue;
    }
    const said = dialled.peer.say(
      `${request.method} ${rest} HTTP/1.0\r\n${head.join('')}Connection: close\r\n\r\n${request.body}`,
    );
    const end = said.indexOf('\r\n\r\n');
    const line = /^HTTP\/1\.[01] (\d+)/.exec(said);
    if (end === -1 || line === null) {
      problem = `upstream prematurely closed connection while reading response header from upstream|${url(`${address}:${port}`)}`;
      continue;
    }
    const own: Record<string, string> = {};
    for (const one of said.slice(0, end).split('\r\n').slice(1)) {
      const colon = one.indexOf(':');
      const name = one.slice(0, colon);
      if (!/^(server|date|connection|content-length)$/i.test(name)) own[name] = one.slice(colon + 1).trim();
    }
    return {
      response: {
        status: Number(line[1]),
        headers: { ...own, ...added(site, [...outer, ...inner], state, 200) },
        body: said.slice(end + 4),
      },
      logged: true,
    };
  }
  return { ...faulty(site, status, state, outer, inner), problem };
}
