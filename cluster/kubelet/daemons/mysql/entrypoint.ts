/** What the images of MySQL and MariaDB run first: makes the databases when there are none, as the variables say. */
import type { Context } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { SqlFault, splitStatements } from '../sql/lexer.ts';
import { Storage } from '../sql/storage.ts';
import { pause, store, textOf } from '../serve.ts';
import { DATA, engineOf, EXTENSION, type Product } from './server.ts';

/** Milliseconds that making the first files takes here. */
const INITIALISING = 2000;
const SCRIPTS = '/docker-entrypoint-initdb.d';

const column = (name: string, type: string) => ({ name, type, nullable: false, key: '' as const, counts: false });

export function* mysqlEntrypoint(context: Context, version: string, product: Product): Run {
  const { box, io, argv, env, call } = context;
  const first = argv[1] ?? '';
  const words = first.startsWith('-') ? [product === 'MySQL' ? 'mysqld' : 'mariadbd', ...argv.slice(1)] : argv.slice(1);
  if (words[0] !== 'mysqld' && words[0] !== 'mariadbd') return yield* call(words);
  const log = (level: string, text: string) =>
    (level === 'ERROR' || level === 'Warn' ? io.stderr : io.stdout).write(
      `${new Date(box.now()).toISOString().slice(0, 19).replace('T', ' ')}+00:00 [${level}] [Entrypoint]: ${text}\n`,
    );
  const label = product === 'MySQL' ? `MySQL Server ${version}-1.el9` : `MariaDB Server 1:${version}+maria~ubu2404`;
  log('Note', `Entrypoint script for ${label} started.`);
  if (box.who.uid === 0) {
    log('Note', "Switching to dedicated user 'mysql'");
    log('Note', `Entrypoint script for ${label} started.`);
  }
  if (box.files.find(`${DATA}/mysql`)?.kind === 'folder') return yield* call(words);
  const variable = (name: string): string | undefined => {
    const value = (product === 'MariaDB' ? env.get(`MARIADB_${name}`) : undefined) ?? env.get(`MYSQL_${name}`);
    if (value !== undefined && value !== '') return value;
    const path = env.get(`MYSQL_${name}_FILE`) ?? env.get(`MARIADB_${name}_FILE`);
    return path === undefined ? undefined : textOf(box, path)?.trimEnd();
  };
  const password = variable('ROOT_PASSWORD');
  const open = variable('ALLOW_EMPTY_PASSWORD') ?? variable('ALLOW_EMPTY_ROOT_PASSWORD');
  if (password === undefined && open === undefined && variable('RANDOM_ROOT_PASSWORD') === undefined) {
    log(
      'ERROR',
      product === 'MySQL'
        ? 'Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD'
        : 'Database is uninitialized and password option is not specified\n\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD',
    );
    return 1;
  }
  const user = variable('USER');
  if (user === 'root') {
    log(
      'ERROR',
      `MYSQL_USER="root", MYSQL_USER and MYSQL_PASSWORD are for configuring a regular user and cannot be used for the root user\n    Remove MYSQL_USER="root" and use one of the following to control the root user password:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD`,
    );
    return 1;
  }
  log('Note', 'Initializing database files');
  if (!store(box, `${DATA}/auto.cnf`, '[auto]\nserver-uuid=00000000-0000-4000-8000-000000000000\n')) {
    io.stderr.write(
      `mysqld: Can't create/write to file '${DATA}/is_writable' (OS errno 13 - Permission denied)\n${new Date(box.now()).toISOString().replace('Z', '000Z')} 0 [ERROR] [MY-010460] [Server] --initialize specified but the data directory exists and is not writable. Aborting.\n`,
    );
    return 1;
  }
  const early = yield* pause(context, INITIALISING);
  if (early !== undefined) return early;
  for (const name of ['ibdata1', 'ib_buffer_pool', 'mysql.ibd', 'ca.pem', 'server-cert.pem'])
    store(box, `${DATA}/${name}`, '');
  const generated =
    password ?? (open === undefined ? Buffer.from(String(box.random())).toString('base64').slice(0, 32) : '');
  if (password === undefined && open === undefined) log('Note', `GENERATED ROOT PASSWORD: ${generated}`);
  const storage = new Storage(box, DATA, EXTENSION);
  const users = [['%', 'root', generated], ...(user === undefined ? [] : [['%', user, variable('PASSWORD') ?? '']])];
  for (const name of ['mysql', 'performance_schema', 'sys'].slice(0, 1)) storage.create(name);
  storage.write('mysql', 'user', {
    columns: [column('Host', 'char(255)'), column('User', 'char(32)'), column('authentication_string', 'text')],
    rows: users,
    next: 1,
  });
  log('Note', 'Database files initialized');
  log('Note', 'Starting temporary server');
  log('Note', 'Temporary server started.');
  const engine = engineOf(box, version);
  const connection = { user: 'root', host: 'localhost', database: '' };
  const database = variable('DATABASE');
  if (database !== undefined) {
    log('Note', `Creating database ${database}`);
    engine.run(connection, `CREATE DATABASE IF NOT EXISTS \`${database}\``);
    connection.database = database;
  }
  if (user !== undefined) {
    log('Note', `Creating user ${user}`);
    if (database !== undefined) log('Note', `Giving user ${user} access to schema ${database}`);
  }
  const scripts =
    box.files.find(SCRIPTS)?.kind === 'folder' ? box.files.list(SCRIPTS).filter((name) => !name.startsWith('.')) : [];
  for (const name of scripts) {
    const path = `${SCRIPTS}/${name}`;
    if (name.endsWith('.sql')) {
      log(
        'Note',
        `${product === 'MySQL' ? '/usr/local/bin/docker-entrypoint.sh: running' : '/usr/local/bin/docker-entrypoint.sh: running'} ${path}`,
      );
      try {
        for (const { text } of splitStatements(textOf(box, path) ?? '')) engine.run(connection, text);
      } catch (fault) {
        if (!(fault instanceof SqlFault)) throw fault;
        io.stderr.write(`ERROR ${fault.number} (${fault.state}) at line 1: ${fault.message}\n`);
        return 1;
      }
    } else if (name.endsWith('.sh')) yield* call(['bash', path]);
    else log('Warn', `/usr/local/bin/docker-entrypoint.sh: ignoring ${path}`);
  }
  log('Note', 'Stopping temporary server');
  log('Note', 'Temporary server stopped');
  log('Note', `${product} init process done. Ready for start up.`);
  return yield* call(words);
}
