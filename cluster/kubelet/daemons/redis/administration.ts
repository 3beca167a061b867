/** Commands about the server and not its keys: CONFIG, INFO, REPLICAOF and the like. */
import { configure, isOption } from './configuration.ts';
import type { Keys } from './keys.ts';
import { bulk, bulks, error, integer, OK, status, type Reply } from './protocol.ts';

/** What these commands look at and change. */
export interface Administered {
  readonly settings: Map<string, string>;
  readonly keys: Keys;
  readonly version: string;
  readonly port: number;
  /** A replica that reached its leader when it last tried. */
  readonly isFollowing: boolean;
  /** '': not set. */
  setting(name: string): string;
  /** Bytes of all keys and values, about. */
  used(): number;
  /** Milliseconds since 1970. */
  now(): number;
  save(always?: boolean): void;
  log(text: string): void;
  follow(): boolean;
  stop(): void;
}

/** undefined: it is none of these commands. */
export function administer(server: Administered, word: string, args: readonly string[]): Reply | undefined {
  const [first = ''] = args;
  switch (word) {
    case 'PING':
      return args.length === 0 ? status('PONG') : bulk(first);
    case 'ECHO':
      return bulk(first);
    case 'SELECT':
      return Number(first) < Number(server.setting('databases')) ? OK : error('ERR DB index is out of range');
    case 'SYNC':
      return bulk(JSON.stringify([...server.keys.entries]));
    case 'SAVE':
      server.keys.changes++;
      server.save(true);
      server.log('DB saved on disk');
      return OK;
    case 'BGSAVE':
      server.keys.changes++;
      server.save(true);
      server.log('Background saving started by pid 20');
      server.log('Background saving terminated with success');
      return status('Background saving started');
    case 'LASTSAVE':
      return integer(Math.floor(server.now() / 1000));
    case 'TIME':
      return bulks([String(Math.floor(server.now() / 1000)), '0']);
    case 'CONFIG':
      return config(server, args);
    case 'INFO':
      return bulk(info(server, first.toLowerCase()));
    case 'ROLE':
      return server.setting('replicaof') === ''
        ? { kind: 'array', items: [bulk('master'), integer(0), bulks([])] }
        : bulks(['slave', ...server.setting('replicaof').split(' '), server.isFollowing ? 'connected' : 'connect']);
    case 'REPLICAOF':
    case 'SLAVEOF':
      server.settings.set('replicaof', args.join(' ').toLowerCase() === 'no one' ? '' : args.join(' '));
      server.follow();
      return OK;
    case 'SHUTDOWN':
      server.save(first.toUpperCase() === 'SAVE');
      server.stop();
      return OK;
    case 'PUBLISH':
      return integer(0);
    case 'CLIENT':
    case 'DEBUG':
      return first.toUpperCase() === 'LIST' || first.toUpperCase() === 'GETNAME' ? bulk('') : OK;
    case 'COMMAND':
      return bulks([]);
    case 'HELLO':
      return error('NOPROTO unsupported protocol version');
    case 'CLUSTER':
      return error('ERR This instance has cluster support disabled');
    default:
      return undefined;
  }
}

function config(server: Administered, [what = '', ...args]: readonly string[]): Reply {
  switch (what.toUpperCase()) {
    case 'GET': {
      const found = [...server.settings].filter(([name]) =>
        args.some(
          (pattern) =>
            new Set([name, '*']).has(pattern.toLowerCase()) ||
            (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1))),
        ),
      );
      return bulks(found.flat());
    }
    case 'SET': {
      for (let at = 0; at + 1 < args.length; at += 2) {
        const [name = '', value = ''] = [args[at]?.toLowerCase(), args[at + 1]];
        if (!server.settings.has(name) && !isOption(name))
          return error(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
        const why = configure(server.settings, name, value);
        if (why !== undefined) return error(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${why}`);
      }
      return OK;
    }
    case 'REWRITE':
      return error('ERR The server is running without a config file');
    default:
      return OK;
  }
}

function info(server: Administered, section: string): string {
  const replica = server.setting('replicaof');
  const [host = '', port = ''] = replica.split(' ');
  const expires = [...server.keys.entries.values()].filter((entry) => entry.expires !== undefined).length;
  const count = server.keys.live().length;
  const sections: Record<string, string> = {
    server: `# Server\r\nredis_version:${server.version}\r\nredis_mode:standalone\r\nos:Linux 6.8.0-51-generic x86_64\r\narch_bits:64\r\nprocess_id:1\r\ntcp_port:${server.port}\r\n`,
    clients: '# Clients\r\nconnected_clients:1\r\nblocked_clients:0\r\n',
    memory: `# Memory\r\nused_memory:${900_000 + server.used()}\r\nused_memory_human:${((900_000 + server.used()) / 1024).toFixed(2)}K\r\nmaxmemory:${server.setting('maxmemory')}\r\nmaxmemory_policy:${server.setting('maxmemory-policy')}\r\n`,
    replication:
      replica === ''
        ? '# Replication\r\nrole:master\r\nconnected_slaves:0\r\nmaster_failover_state:no-failover\r\n'
        : `# Replication\r\nrole:slave\r\nmaster_host:${host}\r\nmaster_port:${port}\r\nmaster_link_status:${server.isFollowing ? 'up' : 'down'}\r\nslave_read_only:1\r\nconnected_slaves:0\r\n`,
    keyspace: `# Keyspace\r\n${count === 0 ? '' : `db0:keys=${count},expires=${expires},avg_ttl=0\r\n`}`,
  };
  return sections[section] ?? Object.values(sections).join('\r\n');
}
