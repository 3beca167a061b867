/** Whom psql and pg_isready ask: options, variables, addresses. */
import { resolveNow } from '../../commands/resolve.ts';
import type { Context, TcpPeer } from '../../shell/box.ts';

export interface Options {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  commands: string[];
  tuples: boolean;
  aligned: boolean;
  list: boolean;
  file: string | undefined;
}
export function optionsOf({ argv, env }: Context): Options {
  const found: Options = {
    host: env.get('PGHOST') ?? '',
    port: Number(env.get('PGPORT') ?? 5432),
    user: env.get('PGUSER') ?? 'root',
    password: env.get('PGPASSWORD') ?? '',
    database: env.get('PGDATABASE') ?? '',
    commands: [],
    tuples: false,
    aligned: true,
    list: false,
    file: undefined,
  };
  const words: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const [, name, inline] = /^--?([a-zA-Z]|[\w-]{2,})(?:=([^]*))?$/.exec(word) ?? /^-([hpUdcf])(.+)$/.exec(word) ?? [];
    const value = () => inline ?? argv[++at] ?? '';
    if (name === 'h' || name === 'host') found.host = value();
    else if (name === 'p' || name === 'port') found.port = Number(value());
    else if (name === 'U' || name === 'username') found.user = value();
    else if (name === 'd' || name === 'dbname') found.database = value();
    else if (name === 'c' || name === 'command') found.commands.push(value());
    else if (name === 'f' || name === 'file') found.file = value();
    else if (name === 'l' || name === 'list') found.list = true;
    else if (/^-[tAqXwW]+c?$/.test(word)) {
      if (word.endsWith('c')) found.commands.push(argv[++at] ?? '');
      if (word.includes('t')) found.tuples = true;
      if (word.includes('A')) found.aligned = false;
    } else if (!word.startsWith('-')) words.push(word);
  }
  const [first = '', user] = words;
  const [, urlUser, urlPassword = '', urlHost = '', urlPort = '5432', urlDatabase = ''] =
    /^postgres(?:ql)?:\/\/([^:@]+)(?::([^@]*))?@([^:/]+)(?::(\d+))?(?:\/(\w*))?/.exec(first) ?? [];
  if (urlUser !== undefined)
    return {
      ...found,
      user: urlUser,
      password: urlPassword,
      host: urlHost,
      port: Number(urlPort),
      database: urlDatabase || urlUser,
    };
  if (user !== undefined) found.user = user;
  if (first !== '' && found.database === '') found.database = first;
  if (found.database === '') found.database = found.user;
  return found;
}

/** The server, or why there is none. */
export function connect({ box }: Context, { host, port }: Options): TcpPeer | string {
  const local = host === '' || host.startsWith('/');
  const found = resolveNow(box, local ? '127.0.0.1' : host);
  if (found.kind !== 'found') return `could not translate host name "${host}" to address: Name or service not known`;
  const [address = ''] = found.addresses;
  const dialled = box.network.dial(address, port);
  if (dialled.kind === 'open') return dialled.peer;
  if (local)
    return `connection to server on socket "/var/run/postgresql/.s.PGSQL.${port}" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?`;
  const why = { refused: 'Connection refused', silent: 'Connection timed out', unreachable: 'No route to host' }[
    dialled.kind
  ];
  return `connection to server at "${host}" (${address}), port ${port} failed: ${why}\n\tIs the server running on that host and accepting TCP/IP connections?`;
}
