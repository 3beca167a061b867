/** The clients of MySQL: mysql, mysqladmin, mysqldump. */
import { resolveNow } from '../../commands/resolve.ts';
import type { Context, TcpPeer } from '../../shell/box.ts';
import { readAll, readLine, type Run, type Wait } from '../../shell/coroutine.ts';
import { TerminalSource } from '../../shell/terminal.ts';
import type { Result } from '../sql/statement.ts';
import { splitStatements } from '../sql/lexer.ts';
import { tableText, tabbed, verticalText } from '../sql/text.ts';
import type { Product } from './server.ts';

interface Options {
  host: string;
  port: number;
  user: string;
  /** `ask`: it is to be typed. */
  password: string;
  database: string;
  execute: string | undefined;
  table: boolean;
  batch: boolean;
  headings: boolean;
  force: boolean;
  words: string[];
  insecure: boolean;
}
interface Said {
  fault?: { number: number; state: string; message: string };
  result?: Result;
  database?: string;
}

function optionsOf({ argv, env }: Context): Options {
  const found: Options = {
    host: env.get('MYSQL_HOST') ?? 'localhost',
    port: 3306,
    user: 'root',
    password: env.get('MYSQL_PWD') ?? '',
    database: '',
    execute: undefined,
    table: false,
    batch: false,
    headings: true,
    force: false,
    words: [],
    insecure: false,
  };
  const long: Record<string, (value: string) => void> = {
    host: (value) => (found.host = value),
    port: (value) => (found.port = Number(value)),
    user: (value) => (found.user = value),
    database: (value) => (found.database = value),
    execute: (value) => (found.execute = value),
  };
  const short: Record<string, keyof typeof long> = { h: 'host', P: 'port', u: 'user', D: 'database', e: 'execute' };
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const [, name, value] = /^--([\w-]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === 'password') {
      found.password = value ?? 'ask';
      found.insecure = value !== undefined;
    } else if (name !== undefined && long[name]) long[name](value ?? argv[++at] ?? '');
    else if (name === 'table') found.table = true;
    else if (name === 'batch' || name === 'silent') found.batch = true;
    else if (name === 'skip-column-names') found.headings = false;
    else if (name === 'force') found.force = true;
    else if (name !== undefined) continue;
    else if (word.startsWith('-p')) {
      found.password = word.length > 2 ? word.slice(2) : 'ask';
      found.insecure = word.length > 2;
    } else if (/^-[hPuDe]/.test(word))
      long[short[word.charAt(1)] ?? '']?.(word.length > 2 ? word.slice(2) : (argv[++at] ?? ''));
    else if (word.startsWith('-')) {
      if (word.includes('t')) found.table = true;
      if (/[Bs]/.test(word)) found.batch = true;
      if (word.includes('N')) found.headings = false;
      if (word.includes('f')) found.force = true;
    } else found.words.push(word);
  }
  return found;
}

/** What is said without an answer that may come. */
class Dialogue {
  readonly #peer: TcpPeer;
  constructor(peer: TcpPeer) {
    this.#peer = peer;
  }
  ask(value: unknown): Said {
    const said = this.#peer.say(`${JSON.stringify(value)}\n`);
    return said === ''
      ? { fault: { number: 2013, state: 'HY000', message: 'Lost connection to MySQL server during query' } }
      : (JSON.parse(said) as Said);
  }
}
/** Opens the connection, or says why not. */
function connect({ box }: Context, { host, port, user, database }: Options, password: string): Dialogue | string {
  const local = host === 'localhost';
  const found = resolveNow(box, local ? '127.0.0.1' : host);
  if (found.kind !== 'found') return `ERROR 2005 (HY000): Unknown MySQL server host '${host}' (-2)`;
  const dialled = box.network.dial(found.addresses[0] ?? '', port);
  if (dialled.kind !== 'open') {
    const number = { refused: 111, silent: 110, unreachable: 113 }[dialled.kind];
    return local
      ? `ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)`
      : `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:${port}' (${number})`;
  }
  const dialogue = new Dialogue(dialled.peer);
  let said: Said;
  try {
    said = dialogue.ask({ user, password, database });
  } catch {
    // whatever listens there speaks another protocol
    return "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 0";
  }
  return said.fault ? faultText(said.fault) : dialogue;
}
const faultText = ({ number, state, message }: NonNullable<Said['fault']>, line?: number): string =>
  `ERROR ${number} (${state})${line === undefined ? '' : ` at line ${line}`}: ${message}`;

function* passwordOf(context: Context, { password }: Options): Generator<Wait, string, void> {
  if (password !== 'ask') return password;
  context.io.stdout.write('Enter password: ');
  const typed = (yield* readLine(context.io.stdin)) ?? '';
  context.io.stdout.write('\n');
  return typed;
}

export function* mysqlClient(context: Context, version: string, product: Product): Run {
  const { io, argv } = context;
  const name = argv[0] ?? 'mysql';
  if (argv.includes('--version') || argv.includes('-V')) {
    io.stdout.write(
      `${name}  Ver ${version} for Linux on x86_64 (${product === 'MySQL' ? 'MySQL Community Server - GPL' : 'MariaDB'})\n`,
    );
    return 0;
  }
  const options = optionsOf(context);
  options.database = options.words[0] ?? options.database;
  if (options.insecure && product === 'MySQL')
    io.stderr.write(`${name}: [Warning] Using a password on the command line interface can be insecure.\n`);
  const dialogue = connect(context, options, yield* passwordOf(context, options));
  if (typeof dialogue === 'string') {
    io.stderr.write(`${dialogue}\n`);
    return 1;
  }
  const onTerminal = io.stdout.isTerminal || io.stdin.isTerminal;
  const asTable = options.table || (onTerminal && !options.batch);
  const show = (said: Said, vertical: boolean, interactive: boolean): number => {
    const { fault, result } = said;
    if (fault) {
      io.stderr.write(`${faultText(fault, interactive ? undefined : 1)}\n${interactive ? '\n' : ''}`);
      return 1;
    }
    if (result?.kind === 'rows') {
      const { titles, rows } = result;
      if (vertical) io.stdout.write(verticalText(titles, rows));
      else if (rows.length > 0)
        io.stdout.write(asTable ? tableText(titles, rows) : tabbed(titles, rows, options.headings));
      if (interactive)
        io.stdout.write(
          rows.length === 0
            ? 'Empty set (0.00 sec)\n\n'
            : `${rows.length} row${rows.length === 1 ? '' : 's'} in set (0.00 sec)\n\n`,
        );
    } else if (result?.kind === 'done' && interactive) {
      if (result.tag === 'USE') io.stdout.write('Database changed\n');
      else
        io.stdout.write(
          `Query OK, ${result.affected} row${result.affected === 1 ? '' : 's'} affected (0.01 sec)\n${result.info === undefined ? '' : `${result.info}\n`}\n`,
        );
    }
    return 0;
  };
  const terminal = io.stdin instanceof TerminalSource && options.execute === undefined ? io.stdin : undefined;
  if (terminal === undefined) {
    const script = options.execute ?? (yield* readAll(io.stdin));
    let code = 0;
    for (const { text, vertical } of splitStatements(script)) {
      code = show(dialogue.ask(text), vertical, false) || code;
      if (code !== 0 && !options.force) return code;
    }
    return code;
  }
  io.stdout.write(
    product === 'MySQL'
      ? `Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is 8\nServer version: ${version} MySQL Community Server - GPL\n\nCopyright (c) 2000, 2025, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`
      : `Welcome to the MariaDB monitor.  Commands end with ; or \\g.\nYour MariaDB connection id is 3\nServer version: ${version}-MariaDB-ubu2404 mariadb.org binary distribution\n\nCopyright (c) 2000, 2018, Oracle, MariaDB Corporation Ab and others.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`,
  );
  let { database } = options;
  let held = '';
  for (;;) {
    terminal.prompt =
      held !== ''
        ? '    -> '
        : product === 'MySQL'
          ? 'mysql> '
          : `MariaDB [${database === '' ? '(none)' : database}]> `;
    const line = yield* terminal.editLine();
    if (line === undefined || (held === '' && /^\s*(exit|quit|\\q)\s*;?\s*$/i.test(line))) {
      io.stdout.write('Bye\n');
      return 0;
    }
    if (/^\s*\\c\s*$/.test(line)) held = '';
    else if (/^\s*(help|\\h|\?)\s*;?\s*$/i.test(line))
      io.stdout.write('\nFor information about MySQL products and services, visit:\n   http://www.mysql.com/\n\n');
    else if (/^\s*(status|\\s)\s*;?\s*$/i.test(line) && held === '')
      io.stdout.write(
        `--------------\nmysql  Ver ${version} for Linux on x86_64\n\nConnection id:\t\t8\nCurrent database:\t${database}\nCurrent user:\t\t${options.user}@${context.box.network.address}\nServer version:\t\t${version}\nConnection:\t\t${options.host} via TCP/IP\n--------------\n\n`,
      );
    else {
      const all = splitStatements(
        /^\s*use\s+\S+\s*$/i.test(line) && held === '' ? `${line};` : held === '' ? line : `${held}\n${line}`,
      );
      held = '';
      for (const { text, vertical, ended } of all) {
        if (!ended) held = text;
        else {
          const said = dialogue.ask(text);
          ({ database = database } = said);
          show(said, vertical, true);
        }
      }
    }
  }
}

export function* mysqlAdmin(context: Context, version: string): Run {
  const { io, argv } = context;
  const name = argv[0] ?? 'mysqladmin';
  const options = optionsOf(context);
  const [what = ''] = options.words;
  if (options.insecure)
    io.stderr.write(`${name}: [Warning] Using a password on the command line interface can be insecure.\n`);
  const dialogue = connect(context, options, yield* passwordOf(context, options));
  if (typeof dialogue === 'string') {
    // a ping is answered by who refuses the password as well
    if (what === 'ping' && dialogue.includes('Access denied')) {
      io.stdout.write('mysqld is alive\n');
      return 0;
    }
    const [, reason = dialogue] = /^ERROR \d+ \(\w+\): ([^]*)$/.exec(dialogue) ?? [];
    io.stderr.write(`${name}: connect to server at '${options.host}' failed\nerror: '${reason}'\n`);
    if (reason.includes('socket'))
      io.stderr.write("Check that mysqld is running and that the socket: '/var/run/mysqld/mysqld.sock' exists!\n");
    return 1;
  }
  if (what === 'ping') io.stdout.write('mysqld is alive\n');
  else if (what === 'status')
    io.stdout.write(
      'Uptime: 60  Threads: 2  Questions: 8  Slow queries: 0  Opens: 119  Flush tables: 3  Open tables: 38  Queries per second avg: 0.133\n',
    );
  else if (what === 'version')
    io.stdout.write(
      `${name}  Ver ${version} for Linux on x86_64\n\nServer version\t\t${version}\nProtocol version\t10\n`,
    );
  else if (what === 'shutdown') context.box.kill(1, 'TERM');
  else if (what === 'create' || what === 'drop') {
    const { fault } = dialogue.ask(`${what} database \`${options.words[1] ?? ''}\``);
    if (fault) {
      io.stderr.write(`${name}: ${what.toUpperCase()} DATABASE failed; error: '${fault.message}'\n`);
      return 1;
    }
  } else {
    io.stderr.write(`${name}: Unknown command: '${what}'\n`);
    return 1;
  }
  return 0;
}

export function* mysqlDump(context: Context, version: string): Run {
  const { io, argv } = context;
  const name = argv[0] ?? 'mysqldump';
  const options = optionsOf(context);
  const [database = '', ...wanted] = options.words;
  const all = argv.some((word) => word === '--all-databases' || word === '-A');
  if (options.insecure)
    io.stderr.write(`${name}: [Warning] Using a password on the command line interface can be insecure.\n`);
  const dialogue = connect(context, { ...options, database: '' }, yield* passwordOf(context, options));
  if (typeof dialogue === 'string') {
    io.stderr.write(
      `${name}: Got error: ${dialogue.replace(/^ERROR (\d+) \(\w+\): /, '$1: ')} when trying to connect\n`,
    );
    return 2;
  }
  const rowsOf = (statement: string): readonly (readonly (string | number | null)[])[] => {
    const { result } = dialogue.ask(statement);
    return result?.kind === 'rows' ? result.rows : [];
  };
  const databases = all
    ? rowsOf('SHOW DATABASES')
        .map(([one]) => String(one))
        .filter((one) => !/^(mysql|sys|.*_schema)$/.test(one))
    : [database];
  io.stdout.write(
    `-- MySQL dump 10.13  Distrib ${version}, for Linux (x86_64)\n--\n-- Host: ${options.host}    Database: ${database}\n-- ------------------------------------------------------\n`,
  );
  for (const one of databases) {
    const opened = dialogue.ask(`USE \`${one}\``);
    if (opened.fault) {
      io.stderr.write(
        `${name}: Got error: ${opened.fault.number}: ${opened.fault.message} when selecting the database\n`,
      );
      return 2;
    }
    if (all || argv.includes('--databases') || argv.includes('-B'))
      io.stdout.write(`\nCREATE DATABASE IF NOT EXISTS \`${one}\`;\n\nUSE \`${one}\`;\n`);
    for (const [table] of rowsOf('SHOW TABLES')) {
      if (wanted.length > 0 && !wanted.includes(String(table))) continue;
      const [[, created] = []] = rowsOf(`SHOW CREATE TABLE \`${table}\``);
      io.stdout.write(
        `\n--\n-- Table structure for table \`${table}\`\n--\n\nDROP TABLE IF EXISTS \`${table}\`;\n${created};\n`,
      );
      const rows = rowsOf(`SELECT * FROM \`${table}\``).map(
        (row) =>
          `(${row.map((value) => (value === null ? 'NULL' : typeof value === 'number' ? value : `'${value.replace(/['\\]/g, '\\$&')}'`)).join(',')})`,
      );
      if (rows.length > 0)
        io.stdout.write(
          `\n--\n-- Dumping data for table \`${table}\`\n--\n\nINSERT INTO \`${table}\` VALUES ${rows.join(',')};\n`,
        );
    }
  }
  io.stdout.write('\n-- Dump completed\n');
  return 0;
}
