/** PostgreSQL: the server over the same small SQL, psql, pg_isready. */
import { resolveNow } from '../../commands/resolve.ts';
import { file, folder, type Node } from '../../files/file-tree.ts';
import type { Box, Context, Program, Server, TcpPeer } from '../../shell/box.ts';
import { readAll, type Run } from '../../shell/coroutine.ts';
import { TerminalSource } from '../../shell/terminal.ts';
import { pause, store, textOf, untilSignal } from '../serve.ts';
import { Engine } from '../sql/engine.ts';
import { splitStatements, SqlFault } from '../sql/lexer.ts';
import type { Connection, Result } from '../sql/statement.ts';
import { Storage } from '../sql/storage.ts';
import { psqlText } from '../sql/text.ts';

const EXTENSION = '.heap';
/** Milliseconds that making the first files takes here. */
const INITIALISING = 2000;
const SCRIPTS = '/docker-entrypoint-initdb.d';

const dataOf = (env: ReadonlyMap<string, string>): string => env.get('PGDATA') ?? '/var/lib/postgresql/data';
const basesOf = (env: ReadonlyMap<string, string>): string => `${dataOf(env)}/base`;
const stamp = (box: Box): string => `${new Date(box.now()).toISOString().slice(0, 23).replace('T', ' ')} UTC`;

const engineOf = (box: Box, env: ReadonlyMap<string, string>, version: string): Engine =>
  new Engine({
    storage: new Storage(box, basesOf(env), EXTENSION),
    now: () => box.now(),
    random: () => box.random(),
    version: `PostgreSQL ${version} (Debian ${version}-1.pgdg13+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit`,
    variables: new Map(),
    standard: true,
  });

/** In PostgreSQL's words. */
function words({ number, message }: SqlFault, text: string): string {
  const [, name = ''] = /'([^']*)'/.exec(message) ?? [];
  const last = name.split('.').at(-1) ?? '';
  switch (number) {
    case 1064: {
      const [, near = ''] = /near '([^]*)' at line 1$/.exec(message) ?? [];
      const [word] = /^\S+?(?=[\s;,()]|$)/.exec(near) ?? [''];
      return near === ''
        ? `ERROR:  syntax error at end of input\nLINE 1: ${text}\n        ${' '.repeat(text.length)}^`
        : `ERROR:  syntax error at or near "${word}"\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(near)))}^`;
    }
    case 1146:
      return `ERROR:  relation "${last}" does not exist\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(last)))}^`;
    case 1051:
      return `ERROR:  table "${last}" does not exist`;
    case 1050:
      return `ERROR:  relation "${last}" already exists`;
    case 1007:
      return `ERROR:  database "${name}" already exists`;
    case 1008:
      return `ERROR:  database "${name}" does not exist`;
    case 1049:
      return `FATAL:  database "${name}" does not exist`;
    case 1054:
      return `ERROR:  column "${name}" does not exist\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(name)))}^`;
    case 1048:
      return `ERROR:  null value in column "${name}" violates not-null constraint`;
    case 1062: {
      const [, table = '', key = ''] = /for key '([^.]*)\.([^']*)'/.exec(message) ?? [];
      return `ERROR:  duplicate key value violates unique constraint "${table}_${key === 'PRIMARY' ? 'pkey' : `${key}_key`}"`;
    }
    case 1366:
      return `ERROR:  invalid input syntax for type integer: "${name}"`;
    case 1305:
      return `ERROR:  function ${last}() does not exist`;
    default:
      return `ERROR:  ${message}`;
  }
}

interface Said {
  fault?: string;
  result?: Result;
}
const server = (context: Context, version: string): Server => {
  const { box, env, io } = context;
  const engine = engineOf(box, env, version);
  return (from) => {
    let connection: Connection | undefined;
    let held = '';
    const peer = {
      closed: false,
      say(bytes: string): string {
        held += bytes;
        let out = '';
        for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
          const line = held.slice(0, end);
          held = held.slice(end + 1);
          out += `${JSON.stringify(answer(line))}\n`;
        }
        return out;
      },
    };
    const refuse = (fault: string): Said => {
      peer.closed = true;
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
        if (said.startsWith('FATAL')) peer.closed = true;
        return { fault: said };
      }
    };
    return peer;
  };
};

function* postgres(context: Context, version: string): Run {
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

function* entrypoint(context: Context, version: string): Run {
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
const tagOf = ({ tag, affected }: Result & { kind: 'done' }): string =>
  tag === 'INSERT' ? `INSERT 0 ${affected}` : tag === 'UPDATE' || tag === 'DELETE' ? `${tag} ${affected}` : tag;

interface Options {
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
function optionsOf({ argv, env }: Context): Options {
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

function connect({ box }: Context, { host, port }: Options): TcpPeer | string {
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

function* psql(context: Context, version: string): Run {
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
