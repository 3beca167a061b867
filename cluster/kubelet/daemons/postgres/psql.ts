/** psql: commands, files and sessions. */
import type { Context } from '../../shell/box.ts';
import { readAll, type Run } from '../../shell/coroutine.ts';
import { TerminalSource } from '../../shell/terminal.ts';
import { textOf } from '../serve.ts';
import { splitStatements } from '../sql/lexer.ts';
import { psqlText } from '../sql/text.ts';
import { tagOf, type Said } from './answer.ts';
import { connect, optionsOf } from './connection.ts';

export function* psql(context: Context, version: string): Run {
  const { io, argv, box, cwd } = context;
  if (argv[1] === '--version' || argv[1] === '-V') {
    io.stdout.write(`psql (PostgreSQL) ${version} (Debian ${version}-1.pgdg13+1)\n`);
    return 0;
  }
  const options = optionsOf(context);
  const peer = connect(context, options);
  const fail = (message: string): number => {
    io.stderr.write(`psql: error: ${message}\n`);
    return 2;
  };
  if (typeof peer === 'string') return fail(peer);
  const ask = (value: unknown): Said => {
    const said = peer.say(`${JSON.stringify(value)}\n`);
    return said.startsWith('{') ? (JSON.parse(said) as Said) : { fault: 'server closed the connection unexpectedly' };
  };
  const where =
    options.host === ''
      ? 'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed'
      : `connection to server at "${options.host}", port ${options.port} failed`;
  const hello = ask({ user: options.user, password: options.password, database: options.database });
  if (hello.fault) return fail(`${where}: ${hello.fault}`);
  const show = (said: Said): number => {
    if (said.fault) {
      io.stderr.write(`${said.fault}\n`);
      return 1;
    }
    const { result } = said;
    if (result?.kind === 'done') io.stdout.write(`${tagOf(result)}\n`);
    else if (result && (options.tuples || !options.aligned)) {
      const rows = result.rows.map((row) => row.map((value) => value ?? ''));
      if (!options.tuples) io.stdout.write(`${result.titles.join('|')}\n`);
      io.stdout.write(rows.map((row) => `${options.aligned ? ` ${row.join(' | ')}` : row.join('|')}\n`).join(''));
      if (!options.tuples) io.stdout.write(`(${rows.length} row${rows.length === 1 ? '' : 's'})\n`);
      else if (options.aligned) io.stdout.write('\n');
    } else if (result) io.stdout.write(psqlText(result.titles, result.rows));
    return 0;
  };
  const slash = (line: string): number | 'quit' => {
    const [command = '', ...args] = line.trim().split(/\s+/);
    if (command === '\\q') return 'quit';
    if (command === '\\l' || command === '\\list') {
      const names = ask('SELECT datname FROM pg_database ORDER BY datname').result;
      const rows =
        names?.kind === 'rows'
          ? names.rows.map(([name]) => [
              name ?? '',
              options.user,
              'UTF8',
              'libc',
              'en_US.utf8',
              'en_US.utf8',
              '',
              '',
              '',
            ])
          : [];
      io.stdout.write(
        `${' '.repeat(50)}List of databases\n${psqlText(['Name', 'Owner', 'Encoding', 'Locale Provider', 'Collate', 'Ctype', 'Locale', 'ICU Rules', 'Access privileges'], rows)}`,
      );
      return 0;
    }
    if (command === '\\dt') {
      const found = ask('SHOW TABLES').result;
      const rows =
        found?.kind === 'rows' ? found.rows.map(([name]) => ['public', name ?? '', 'table', options.user]) : [];
      if (rows.length === 0) {
        io.stdout.write('Did not find any tables.\n');
        return 0;
      }
      const text = psqlText(['Schema', 'Name', 'Type', 'Owner'], rows);
      const half = Math.max(0, Math.floor(((text.split('\n')[1]?.length ?? 0) - 14) / 2));
      io.stdout.write(`${' '.repeat(half)}List of tables\n${text}`);
      return 0;
    }
    if (command === '\\c' || command === '\\connect') {
      const said = ask(`USE "${args[0] ?? ''}"`);
      if (said.fault) {
        io.stderr.write(`${where}: ${said.fault}\nPrevious connection kept\n`);
        return 1;
      }
      options.database = args[0] ?? '';
      io.stdout.write(`You are now connected to database "${args[0]}" as user "${options.user}".\n`);
      return 0;
    }
    if (command === '\\conninfo') {
      io.stdout.write(
        `You are connected to database "${options.database}" as user "${options.user}" via socket in "/var/run/postgresql" at port "5432".\n`,
      );
      return 0;
    }
    if (command === '\\d' && args[0] !== undefined) {
      const found = ask(`DESCRIBE ${args[0].replace(/;$/, '')}`).result;
      if (found?.kind !== 'rows') {
        io.stderr.write(`Did not find any relation named "${args[0]}".\n`);
        return 1;
      }
      const rows = found.rows.map(([name = '', type = '', nullable]) => [
        name,
        type,
        '',
        nullable === 'NO' ? 'not null' : '',
        '',
      ]);
      io.stdout.write(
        `${' '.repeat(15)}Table "public.${args[0]}"\n${psqlText(['Column', 'Type', 'Collation', 'Nullable', 'Default'], rows).replace(/\(\d+ rows?\)\n/, '')}`,
      );
      return 0;
    }
    if (command === '\\d') return slash('\\dt') === 0 ? 0 : 1;
    if (command === '\\du') {
      io.stdout.write(
        `                             List of roles\n Role name |                         Attributes                         \n-----------+------------------------------------------------------------\n ${options.user.padEnd(9)} | Superuser, Create role, Create DB, Replication, Bypass RLS\n\n`,
      );
      return 0;
    }
    io.stderr.write(`invalid command ${command}\nTry \\? for help.\n`);
    return 1;
  };
  const run = (text: string): number => {
    let code = 0;
    for (const { text: statement } of splitStatements(text)) {
      code = statement.startsWith('\\') ? Number(slash(statement) === 1) : show(ask(statement));
      if (code !== 0) break;
    }
    return code;
  };
  if (options.list) return Number(slash('\\l') !== 0);
  if (options.commands.length > 0) {
    for (const text of options.commands) {
      const code = text.trim().startsWith('\\') ? Number(slash(text) === 1) : run(text);
      if (code !== 0) return code;
    }
    return 0;
  }
  const terminal = io.stdin instanceof TerminalSource && options.file === undefined ? io.stdin : undefined;
  if (terminal === undefined) {
    const path = options.file;
    const text =
      path === undefined || path === '-'
        ? yield* readAll(io.stdin)
        : textOf(box, path.startsWith('/') ? path : `${cwd}/${path}`);
    if (text === undefined) {
      io.stderr.write(`psql: error: ${path}: No such file or directory\n`);
      return 1;
    }
    for (const line of text.split(/\n(?=\\)/)) run(line);
    return 0;
  }
  io.stdout.write(`psql (${version} (Debian ${version}-1.pgdg13+1))\nType "help" for help.\n\n`);
  let held = '';
  for (;;) {
    terminal.prompt = `${options.database}${held === '' ? '=' : '-'}# `;
    const line = yield* terminal.editLine();
    if (line === undefined || (held === '' && /^\s*(\\q|exit|quit)\s*;?\s*$/.test(line))) {
      if (line === undefined) io.stdout.write('\\q\n');
      return 0;
    }
    if (held === '' && line.trim().startsWith('\\')) {
      if (slash(line) === 'quit') return 0;
      continue;
    }
    if (held === '' && line.trim() === 'help') {
      io.stdout.write(
        'You are using psql, the command-line interface to PostgreSQL.\nType:  \\copyright for distribution terms\n       \\h for help with SQL commands\n       \\? for help with psql commands\n       \\g or terminate with semicolon to execute query\n       \\q to quit\n',
      );
      continue;
    }
    const all = splitStatements(held === '' ? line : `${held}\n${line}`);
    held = '';
    for (const { text, ended } of all) {
      if (ended) show(ask(text));
      else held = text;
    }
  }
}
