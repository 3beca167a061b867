/** postgres: lets its users in and runs their statements. */
import type { Context, Server } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { textOf, untilSignal } from '../serve.ts';
import { conversation } from '../sql/conversation.ts';
import { SqlFault } from '../sql/lexer.ts';
import type { Connection } from '../sql/statement.ts';
import { words, type Said } from './answer.ts';
import { dataOf, engineOf, stamp } from './data.ts';

const server = (context: Context, version: string): Server => {
  const { box, env, io } = context;
  const engine = engineOf(box, env, version);
  return (from) => {
    let connection: Connection | undefined;
    const refuse = (fault: string): Said => {
      talk.close();
      io.stderr.write(`${stamp(box)} [65] ${fault}\n`);
      return { fault };
    };
    const answer = (line: string): Said => {
      try {
        if (connection !== undefined) return { result: engine.run(connection, JSON.parse(line) as string) };
        const hello = JSON.parse(line) as { user: string; password: string; database: string };
        const roles = JSON.parse(textOf(box, `${dataOf(env)}/global/roles`) ?? '[]') as [string, string][];
        const role = roles.find(([name]) => name === hello.user);
        const trusted =
          from === '127.0.0.1' ||
          from === box.network.address ||
          /^host all all all trust$/m.test(textOf(box, `${dataOf(env)}/pg_hba.conf`) ?? '');
        if (!trusted && (role === undefined || role[1] !== hello.password))
          return refuse(`FATAL:  password authentication failed for user "${hello.user}"`);
        if (role === undefined) return refuse(`FATAL:  role "${hello.user}" does not exist`);
        connection = { user: hello.user, host: from, database: '' };
        engine.run(connection, `USE "${hello.database}"`);
        return {};
      } catch (fault) {
        if (fault instanceof SyntaxError) return refuse('FATAL:  unsupported frontend protocol');
        if (!(fault instanceof SqlFault)) throw fault;
        const said = words(fault, line.startsWith('"') ? (JSON.parse(line) as string) : '');
        io.stderr.write(`${stamp(box)} [65] ${said.split('\n')[0]}\n`);
        if (said.startsWith('FATAL')) talk.close();
        return { fault: said };
      }
    };
    const talk = conversation(answer);
    return talk.peer;
  };
};

export function* postgres(context: Context, version: string): Run {
  const { box, io, argv, env } = context;
  if (argv[1] === '--version' || argv[1] === '-V') {
    io.stdout.write(`postgres (PostgreSQL) ${version} (Debian ${version}-1.pgdg13+1)\n`);
    return 0;
  }
  if (textOf(box, `${dataOf(env)}/PG_VERSION`) === undefined) {
    io.stderr.write(
      `postgres: could not access directory "${dataOf(env)}": No such file or directory\nRun initdb or pg_basebackup to initialize a PostgreSQL data directory.\n`,
    );
    return 2;
  }
  const log = (text: string, pid = 1) => io.stderr.write(`${stamp(box)} [${pid}] LOG:  ${text}\n`);
  const at = argv.indexOf('-p');
  const port = at === -1 ? 5432 : Number(argv[at + 1]);
  log(
    `starting PostgreSQL ${version} (Debian ${version}-1.pgdg13+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit`,
  );
  log(`listening on IPv4 address "0.0.0.0", port ${port}`);
  log(`listening on IPv6 address "::", port ${port}`);
  log('listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"');
  log(`database system was shut down at ${stamp(box).slice(0, 19)} UTC`, 29);
  log('database system is ready to accept connections');
  box.listen(port, server(context, version));
  return yield* untilSignal(context, (signal) => {
    if (signal !== 'TERM' && signal !== 'INT' && signal !== 'QUIT') return undefined;
    log(`received ${signal === 'TERM' ? 'smart' : signal === 'INT' ? 'fast' : 'immediate'} shutdown request`);
    if (signal !== 'TERM') log('aborting any active transactions');
    log('shutting down', 27);
    log('database system is shut down');
    return 0;
  });
}
