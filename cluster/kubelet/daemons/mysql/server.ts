/** mysqld: serves the databases in its folder, to users that are in one of them. Its words on the wire are our own, in JSON. */
import type { Box, Context, Server } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { Engine } from '../sql/engine.ts';
import type { Connection } from '../sql/statement.ts';
import { conversation } from '../sql/conversation.ts';
import { SqlFault } from '../sql/lexer.ts';
import { Storage } from '../sql/storage.ts';
import { store, untilSignal } from '../serve.ts';

export const DATA = '/var/lib/mysql';
export const EXTENSION = '.ibd';
export type Product = 'MySQL' | 'MariaDB';

export const engineOf = (box: Box, version: string): Engine =>
  new Engine({
    storage: new Storage(box, DATA, EXTENSION),
    now: () => box.now(),
    random: () => box.random(),
    version,
    variables: new Map<string, string | number>([
      ['version', version],
      ['hostname', box.hostname],
      ['datadir', `${DATA}/`],
      ['port', 3306],
      ['max_connections', 151],
      ['server_id', 1],
      ['innodb_buffer_pool_size', 134_217_728],
      ['character_set_server', 'utf8mb4'],
      ['read_only', 'OFF'],
      ['super_read_only', 'OFF'],
    ]),
    standard: false,
  });

export interface Hello {
  user: string;
  password: string;
  database: string;
}
/** What a client sends, one a line: first who it is, then statements. */
const server =
  (box: Box, engine: Engine): Server =>
  (from) => {
    let connection: Connection | undefined;
    const local = from === '127.0.0.1' || from === box.network.address;
    const host = local ? 'localhost' : from;
    const answer = (line: string): unknown => {
      try {
        if (connection !== undefined) {
          const result = engine.run(connection, JSON.parse(line) as string);
          return { result, database: connection.database };
        }
        const { user, password, database } = JSON.parse(line) as Hello;
        const users = new Storage(box, DATA, EXTENSION).read('mysql', 'user')?.rows ?? [];
        if (!users.some((row) => row[1] === user && row[2] === password)) {
          talk.close();
          throw new SqlFault(
            1045,
            '28000',
            `Access denied for user '${user}'@'${host}' (using password: ${password === '' ? 'NO' : 'YES'})`,
          );
        }
        connection = { user, host, database: '' };
        if (database !== '') engine.run(connection, `USE \`${database}\``);
        return { database };
      } catch (fault) {
        if (fault instanceof SyntaxError) {
          talk.close();
          return { fault: { number: 1043, state: '08S01', message: 'Bad handshake' } };
        }
        if (!(fault instanceof SqlFault)) throw fault;
        return { fault: { number: fault.number, state: fault.state, message: fault.message } };
      }
    };
    const talk = conversation(answer);
    return talk.peer;
  };

export const stamped = (box: Box): string => new Date(box.now()).toISOString().replace('Z', '000Z');

export function* mysqld(context: Context, version: string, product: Product): Run {
  const { box, io, argv } = context;
  if (argv.includes('--version') || argv.includes('-V')) {
    io.stdout.write(
      `/usr/sbin/mysqld  Ver ${version} for Linux on x86_64 (${product === 'MySQL' ? 'MySQL Community Server - GPL' : 'mariadb.org binary distribution'})\n`,
    );
    return 0;
  }
  const note = (text: string, code = 'MY-010116', level = 'System') =>
    io.stderr.write(
      product === 'MySQL'
        ? `${stamped(box)} 0 [${level}] [${code}] [Server] ${text}\n`
        : `${stamped(box).slice(0, 19).replace('T', ' ')} 0 [Note] ${text}\n`,
    );
  if (!new Storage(box, DATA, EXTENSION).databases().includes('mysql')) {
    note("Fatal error: Can't open and lock privilege tables: Table 'mysql.user' doesn't exist", 'MY-010326', 'ERROR');
    note('Aborting', 'MY-010119', 'ERROR');
    return 1;
  }
  if (!store(box, `${DATA}/mysqld.pid`, '1\n')) {
    note(`Can't create/write to file '${DATA}/mysqld.pid' (OS errno 13 - Permission denied)`, 'MY-010204', 'ERROR');
    note('Aborting', 'MY-010119', 'ERROR');
    return 1;
  }
  const given = argv.find((word) => word.startsWith('--port='))?.slice(7);
  const port = Number(given ?? 3306);
  if (product === 'MySQL') {
    note('MySQL Server - start.', 'MY-015015');
    note(`/usr/sbin/mysqld (mysqld ${version}) starting as process 1`);
    io.stderr.write(`${stamped(box)} 1 [System] [MY-013576] [InnoDB] InnoDB initialization has started.\n`);
    io.stderr.write(`${stamped(box)} 1 [System] [MY-013577] [InnoDB] InnoDB initialization has ended.\n`);
    note('CA certificate ca.pem is self signed.', 'MY-010068', 'Warning');
    note(
      `X Plugin ready for connections. Bind-address: '::' port: 33060, socket: /var/run/mysqld/mysqlx.sock`,
      'MY-011323',
    );
    note(
      `/usr/sbin/mysqld: ready for connections. Version: '${version}'  socket: '/var/run/mysqld/mysqld.sock'  port: ${port}  MySQL Community Server - GPL.`,
      'MY-010931',
    );
  } else {
    note(`Starting MariaDB ${version}-MariaDB-ubu2404 source revision  server_uid  as process 1`);
    note("Server socket created on IP: '0.0.0.0', port: '3306'.");
    note(
      `mariadbd: ready for connections.\nVersion: '${version}-MariaDB-ubu2404'  socket: '/run/mysqld/mysqld.sock'  port: ${port}  mariadb.org binary distribution`,
    );
  }
  box.listen(port, server(box, engineOf(box, version)));
  return yield* untilSignal(context, (signal) => {
    if (signal !== 'TERM' && signal !== 'QUIT') return undefined;
    if (product === 'MySQL') {
      note(`Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: ${version}).`, 'MY-013172');
      note(`/usr/sbin/mysqld: Shutdown complete (mysqld ${version})  MySQL Community Server - GPL.`, 'MY-010910');
      note('MySQL Server - end.', 'MY-015016');
    } else {
      note(`mariadbd (initiated by: unknown): Normal shutdown`);
      note(`mariadbd: Shutdown complete`);
    }
    return 0;
  });
}
