/** Which server and which location a request is for. */
import type { Directive } from './config.ts';
import { blockOf, compiled, named, portOf, portsOf } from './directives.ts';

export function serverOf(servers: readonly Directive[], host: string, port: number): Directive | undefined {
  const here = servers.filter((server) => portsOf(server).includes(port));
  const names = (server: Directive) => named(blockOf(server), 'server_name').flatMap((one) => one.args);
  const fits = (name: string): boolean =>
    name === host ||
    (name.startsWith('*.') && host.endsWith(name.slice(1))) ||
    (name.startsWith('.') && (host === name.slice(1) || host.endsWith(name))) ||
    (name.endsWith('.*') && host.startsWith(name.slice(0, -1))) ||
    (name.startsWith('~') && compiled(name.slice(1), false)?.matcher(host).find() === true);
  return (
    here.find((server) => names(server).includes(host)) ??
    here.find((server) => names(server).some(fits)) ??
    here.find((server) =>
      named(blockOf(server), 'listen').some((one) => portOf(one) === port && one.args.includes('default_server')),
    ) ??
    here[0]
  );
}

export function locationOf(directives: readonly Directive[], uri: string): Directive | undefined {
  const locations = named(directives, 'location');
  const sign = (one: Directive) =>
    one.args.length > 1 ? (one.args[0] ?? '') : one.args[0]?.startsWith('=') ? '=' : '';
  const path = (one: Directive) => (one.args.at(-1) ?? '').replace(/^=/, '');
  const exact = locations.find((one) => sign(one) === '=' && path(one) === uri);
  if (exact) return exact;
  const [prefix] = locations
    .filter((one) => (sign(one) === '' || sign(one) === '^~') && uri.startsWith(path(one)))
    .toSorted((a, b) => path(b).length - path(a).length);
  if (prefix !== undefined && sign(prefix) === '^~') return prefix;
  const pattern = locations.find(
    (one) =>
      sign(one).startsWith('~') &&
      compiled(path(one), sign(one) === '~*')
        ?.matcher(uri)
        .find() === true,
  );
  const found = pattern ?? prefix;
  const inner = found === undefined ? [] : named(blockOf(found), 'location');
  return inner.length > 0 ? (locationOf(blockOf(found), uri) ?? found) : found;
}
