/** PostgreSQL: the server over the same small SQL, psql, pg_isready. */
import { file, folder, type Node } from '../../files/file-tree.ts';
import type { Context, Program } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { connect, optionsOf } from './connection.ts';
import { entrypoint } from './entrypoint.ts';
import { psql } from './psql.ts';
import { postgres } from './server.ts';

function* isReady(context: Context): Run {
  const options = optionsOf(context);
  const peer = connect(context, options);
  const open = typeof peer !== 'string';
  const where = options.host === '' ? '/var/run/postgresql' : options.host;
  if (!context.argv.includes('-q'))
    context.io.stdout.write(`${where}:${options.port} - ${open ? 'accepting connections' : 'no response'}\n`);
  yield* [];
  return open ? 0 : 2;
}

export function postgresPrograms(version: string): Record<string, Program> {
  const bin = `/usr/lib/postgresql/${version.split('.')[0]}/bin`;
  return {
    [`${bin}/postgres`]: (context) => postgres(context, version),
    '/usr/bin/psql': (context) => psql(context, version),
    '/usr/bin/pg_isready': isReady,
    '/usr/local/bin/docker-entrypoint.sh': (context) => entrypoint(context, version),
  };
}
export const POSTGRES_FILES: Readonly<Record<string, Node>> = {
  'var/lib/postgresql': folder([], { uid: 999, gid: 999 }),
  'docker-entrypoint-initdb.d': folder(),
  'usr/share/postgresql/postgresql.conf.sample': file("listen_addresses = '*'\n"),
};
