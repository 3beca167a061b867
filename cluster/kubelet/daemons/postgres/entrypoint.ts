/** docker-entrypoint.sh: makes the first files and runs the scripts that are mounted. */
import type { Context } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { pause, store, textOf } from '../serve.ts';
import { splitStatements, SqlFault } from '../sql/lexer.ts';
import type { Connection } from '../sql/statement.ts';
import { Storage } from '../sql/storage.ts';
import { psqlText } from '../sql/text.ts';
import { tagOf, words } from './answer.ts';
import { basesOf, dataOf, engineOf, EXTENSION } from './data.ts';

/** Milliseconds that making the first files takes here. */
const INITIALISING = 2000;
const SCRIPTS = '/docker-entrypoint-initdb.d';

export function* entrypoint(context: Context, version: string): Run {
  const { box, io, argv, env, call } = context;
  const command = argv[1]?.startsWith('-') ? ['postgres', ...argv.slice(1)] : argv.slice(1);
  if (command[0] !== 'postgres') return yield* call(command);
  const data = dataOf(env);
  if (textOf(box, `${data}/PG_VERSION`) !== undefined) {
    io.stdout.write('\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n');
    return yield* call(command);
  }
  const variable = (name: string): string | undefined => {
    const path = env.get(`${name}_FILE`);
    return env.get(name) ?? (path === undefined ? undefined : textOf(box, path)?.trimEnd());
  };
  const password = variable('POSTGRES_PASSWORD') ?? '';
  const method = env.get('POSTGRES_HOST_AUTH_METHOD') ?? '';
  if (password === '' && method !== 'trust') {
    io.stderr.write(
      'Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the\n       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n\n       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all\n       connections without a password. This is *not* recommended.\n\n       See PostgreSQL documentation about "trust":\n       https://www.postgresql.org/docs/current/auth-trust.html\n',
    );
    return 1;
  }
  const user = variable('POSTGRES_USER') ?? 'postgres';
  const database = variable('POSTGRES_DB') ?? user;
  if (box.files.find(data)?.kind === 'folder' && box.files.list(data).length > 0) {
    io.stderr.write(
      `initdb: error: directory "${data}" exists but is not empty\n${box.files.list(data).includes('lost+found') ? 'initdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.\ninitdb: hint: Using a mount point directly as the data directory is not recommended.\nCreate a subdirectory under the mount point.\n' : `initdb: hint: If you want to create a new database system, either remove or empty the directory "${data}" or run initdb with an argument other than "${data}".\n`}`,
    );
    return 1;
  }
  io.stdout.write(
    `The files belonging to this database system will be owned by user "postgres".\nThis user must also own the server process.\n\nThe database cluster will be initialized with locale "en_US.utf8".\nThe default database encoding has accordingly been set to "UTF8".\nThe default text search configuration will be set to "english".\n\nData page checksums are enabled.\n\nfixing permissions on existing directory ${data} ... ok\ncreating subdirectories ... ok\n`,
  );
  if (!store(box, `${data}/PG_VERSION`, `${version.split('.')[0]}\n`)) {
    io.stderr.write(`initdb: error: could not change permissions of directory "${data}": Operation not permitted\n`);
    return 1;
  }
  const early = yield* pause(context, INITIALISING);
  if (early !== undefined) return early;
  store(box, `${data}/postgresql.conf`, "listen_addresses = '*'\n");
  store(
    box,
    `${data}/pg_hba.conf`,
    `local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all all ${method === '' ? 'scram-sha-256' : method}\n`,
  );
  store(box, `${data}/global/roles`, JSON.stringify([[user, password]]));
  const storage = new Storage(box, basesOf(env), EXTENSION);
  for (const name of new Set(['postgres', 'template0', 'template1', database])) storage.create(name);
  io.stdout.write(
    `creating configuration files ... ok\nrunning bootstrap script ... ok\nperforming post-bootstrap initialization ... ok\nsyncing data to disk ... ok\n\n\nSuccess. You can now start the database server using:\n\n    pg_ctl -D ${data} -l logfile start\n\nwaiting for server to start.... done\nserver started\n${database === 'postgres' ? '' : 'CREATE DATABASE\n'}\n`,
  );
  const engine = engineOf(box, env, version);
  const connection: Connection = { user, host: 'localhost', database };
  const scripts =
    box.files.find(SCRIPTS)?.kind === 'folder' ? box.files.list(SCRIPTS).filter((name) => !name.startsWith('.')) : [];
  if (scripts.length === 0)
    io.stdout.write('\n/usr/local/bin/docker-entrypoint.sh: ignoring /docker-entrypoint-initdb.d/*\n\n');
  for (const name of scripts) {
    const path = `${SCRIPTS}/${name}`;
    io.stdout.write(
      `/usr/local/bin/docker-entrypoint.sh: ${/\.(sql|sh)$/.test(name) ? 'running' : 'ignoring'} ${path}\n`,
    );
    if (name.endsWith('.sh')) yield* call(['bash', path]);
    if (!name.endsWith('.sql')) continue;
    for (const { text } of splitStatements(textOf(box, path) ?? '')) {
      try {
        const result = engine.run(connection, text);
        io.stdout.write(result.kind === 'done' ? `${tagOf(result)}\n` : psqlText(result.titles, result.rows));
      } catch (fault) {
        if (!(fault instanceof SqlFault)) throw fault;
        io.stderr.write(`psql:${path}:1: ${words(fault, text)}\n`);
        return 3;
      }
    }
  }
  io.stdout.write(
    'waiting for server to shut down.... done\nserver stopped\n\nPostgreSQL init process complete; ready for start up.\n\n',
  );
  return yield* call(command);
}
