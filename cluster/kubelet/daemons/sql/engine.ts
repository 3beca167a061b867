/** A small SQL server: databases, tables, and the statements of tutorials and exercises, with MySQL's words for mistakes. */
import {
  compare,
  isTrue,
  Reader,
  type Evaluated,
  type Group,
  type Row,
  type Session,
  type Value,
} from './expression.ts';
import { SqlFault, tokenise } from './lexer.ts';
import { select, type Tables } from './select.ts';
import type { Column, Storage, Table } from './storage.ts';

export type Result =
  | { kind: 'rows'; titles: readonly string[]; rows: readonly (readonly Value[])[] }
  | { kind: 'done'; tag: string; affected: number; info?: string };

/** Rows of one table. */
const MOST_ROWS = 20_000;
const SYSTEM = ['information_schema', 'performance_schema', 'sys'];

const done = (tag: string, affected = 0, info?: string): Result => ({
  kind: 'done',
  tag,
  affected,
  ...(info === undefined ? {} : { info }),
});
const noGroup: Group = { rows: [] };

export interface Connection {
  user: string;
  host: string;
  database: string;
}
export interface EngineParts {
  storage: Storage;
  now(): number;
  random(): number;
  version: string;
  variables: ReadonlyMap<string, Value>;
  /** Double quotes are around names, as in the standard. */
  standard: boolean;
}

export class Engine implements Tables {
  readonly #parts: EngineParts;
  constructor(parts: EngineParts) {
    this.#parts = parts;
  }
  get #storage(): Storage {
    return this.#parts.storage;
  }

  /** One statement. @throws SqlFault */
  run(connection: Connection, text: string): Result {
    const session: Session = {
      now: this.#parts.now(),
      random: () => this.#parts.random(),
      user: `${connection.user}@${connection.host}`,
      database: connection.database,
      version: this.#parts.version,
      variables: this.#parts.variables,
    };
    const reader = new Reader(text, tokenise(text, this.#parts.standard), session);
    if (reader.token.kind === 'end') throw new SqlFault(1065, '42000', 'Query was empty');
    const word = reader.token.text;
    switch (word) {
      case 'SELECT':
        return { kind: 'rows', ...select(reader, this, connection.database) };
      case 'SHOW':
        return this.#show(reader, connection);
      case 'DESCRIBE':
      case 'DESC':
      case 'EXPLAIN':
        reader.at++;
        return this.#columns(...this.#named(reader, connection));
      case 'USE': {
        reader.at++;
        const name = reader.name();
        this.#mustExist(name);
        connection.database = name;
        return done('USE');
      }
      case 'CREATE':
        return this.#create(reader, connection);
      case 'DROP':
        return this.#drop(reader, connection);
      case 'TRUNCATE': {
        reader.at++;
        reader.take('TABLE');
        const [database, name] = this.#named(reader, connection);
        this.#storage.write(database, name, { ...this.table(database, name), rows: [], next: 1 });
        return done('TRUNCATE TABLE');
      }
      case 'ALTER':
        return this.#alter(reader, connection);
      case 'INSERT':
      case 'REPLACE':
        return this.#insert(reader, connection);
      case 'UPDATE':
        return this.#update(reader, connection);
      case 'DELETE':
        return this.#delete(reader, connection);
      case 'GRANT':
      case 'REVOKE':
      case 'FLUSH':
      case 'SET':
      case 'BEGIN':
      case 'COMMIT':
      case 'ROLLBACK':
      case 'START':
      case 'STOP':
      case 'RESET':
      case 'CHANGE':
      case 'LOCK':
      case 'UNLOCK':
      case 'ANALYZE':
      case 'OPTIMIZE':
      case 'VACUUM':
        return done(word);
      default:
        throw reader.fault();
    }
  }

  #mustExist(database: string): void {
    if (database === '') throw new SqlFault(1046, '3D000', 'No database selected');
    if (!this.#storage.databases().includes(database) && !SYSTEM.includes(database))
      throw new SqlFault(1049, '42000', `Unknown database '${database}'`);
  }
  /** Database and table of a name, which may leave out the former. */
  #named(reader: Reader, { database }: Connection): [database: string, table: string] {
    const first = reader.name();
    if (!reader.take('.')) {
      if (database === '') throw new SqlFault(1046, '3D000', 'No database selected');
      return [database, first];
    }
    const second = reader.name();
    // PostgreSQL's schema is no database
    return first === 'public' && this.#parts.standard ? [database, second] : [first, second];
  }
  table(database: string, name: string): Table {
    if (database === '') throw new SqlFault(1046, '3D000', 'No database selected');
    const virtual = this.#virtual(database.toLowerCase(), name.toLowerCase());
    if (virtual !== undefined) return virtual;
    this.#mustExist(database);
    const found = this.#storage.read(database, name);
    if (found === undefined) throw new SqlFault(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
    return found;
  }
  #virtual(database: string, name: string): Table | undefined {
    const made = (titles: readonly string[], rows: Value[][]): Table => ({
      columns: titles.map((title) => ({ name: title, type: 'varchar(64)', nullable: true, key: '', counts: false })),
      rows,
      next: 1,
    });
    const all = this.#storage.databases();
    if (database === 'information_schema' && name === 'schemata')
      return made(
        ['SCHEMA_NAME'],
        [...SYSTEM, ...all].sort().map((one) => [one]),
      );
    if (database === 'information_schema' && name === 'tables')
      return made(
        ['TABLE_SCHEMA', 'TABLE_NAME', 'TABLE_ROWS'],
        all.flatMap((one) =>
          this.#storage.tables(one).map((table) => [one, table, this.#storage.read(one, table)?.rows.length ?? 0]),
        ),
      );
    if (name === 'pg_database')
      return made(
        ['datname'],
        all.map((one) => [one]),
      );
    if (name === 'pg_tables')
      return made(
        ['schemaname', 'tablename'],
        all.flatMap((one) => this.#storage.tables(one).map((table) => ['public', table])),
      );
    return undefined;
  }

  #show(reader: Reader, connection: Connection): Result {
    reader.at++;
    reader.takeAny('FULL', 'GLOBAL', 'SESSION');
    const pattern = (names: string[]): string[] => {
      if (!reader.take('LIKE')) return names;
      const wanted = reader.expression().of(new Map(), noGroup);
      const text = String(wanted).toLowerCase().split('%');
      return names.filter((name) => {
        let at = 0;
        for (const [index, part] of text.entries()) {
          const found = name.toLowerCase().indexOf(part, at);
          if (found === -1 || (index === 0 && found !== 0)) return false;
          at = found + part.length;
        }
        return text.at(-1) === '' || at === name.length;
      });
    };
    const rows = (titles: string[], values: Value[][]): Result => ({ kind: 'rows', titles, rows: values });
    const word = reader.token.text;
    reader.at++;
    switch (word) {
      case 'DATABASES':
      case 'SCHEMAS':
        return rows(
          ['Database'],
          pattern([...SYSTEM, ...this.#storage.databases()].sort()).map((name) => [name]),
        );
      case 'TABLES': {
        const database = reader.take('FROM') || reader.take('IN') ? reader.name() : connection.database;
        this.#mustExist(database);
        return rows(
          [`Tables_in_${database}`],
          pattern(this.#storage.tables(database)).map((name) => [name]),
        );
      }
      case 'COLUMNS':
      case 'FIELDS':
        reader.takeAny('FROM', 'IN');
        return this.#columns(...this.#named(reader, connection));
      case 'CREATE': {
        if (reader.take('DATABASE') || reader.take('SCHEMA')) {
          const name = reader.name();
          this.#mustExist(name);
          return rows(
            ['Database', 'Create Database'],
            [
              [
                name,
                `CREATE DATABASE \`${name}\` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */`,
              ],
            ],
          );
        }
        reader.expect('TABLE');
        const [database, name] = this.#named(reader, connection);
        return rows(['Table', 'Create Table'], [[name, createText(name, this.table(database, name))]]);
      }
      case 'VARIABLES':
      case 'STATUS': {
        const known = new Map(this.#parts.variables);
        return rows(
          ['Variable_name', 'Value'],
          pattern([...known.keys()].sort()).map((name) => [name, known.get(name) ?? '']),
        );
      }
      case 'PROCESSLIST':
        return rows(
          ['Id', 'User', 'Host', 'db', 'Command', 'Time', 'State', 'Info'],
          [[8, connection.user, connection.host, connection.database || null, 'Query', 0, 'init', 'SHOW PROCESSLIST']],
        );
      case 'GRANTS':
        return rows(
          [`Grants for ${connection.user}@%`],
          [[`GRANT ALL PRIVILEGES ON *.* TO \`${connection.user}\`@\`%\` WITH GRANT OPTION`]],
        );
      case 'WARNINGS':
      case 'ERRORS':
        return rows(['Level', 'Code', 'Message'], []);
      case 'ENGINES':
        return rows(
          ['Engine', 'Support', 'Comment', 'Transactions', 'XA', 'Savepoints'],
          [['InnoDB', 'DEFAULT', 'Supports transactions, row-level locking, and foreign keys', 'YES', 'YES', 'YES']],
        );
      case 'REPLICA':
      case 'SLAVE':
      case 'MASTER':
      case 'BINARY':
        return rows(['Status'], []);
      default:
        reader.at--;
        throw reader.fault();
    }
  }
  #columns(database: string, name: string): Result {
    const { columns } = this.table(database, name);
    return {
      kind: 'rows',
      titles: ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'],
      rows: columns.map((one) => [
        one.name,
        one.type,
        one.nullable ? 'YES' : 'NO',
        one.key,
        one.fallback === undefined || one.fallback === null ? null : String(one.fallback),
        one.counts ? 'auto_increment' : one.fallback === 'CURRENT_TIMESTAMP' ? 'DEFAULT_GENERATED' : '',
      ]),
    };
  }

  #create(reader: Reader, connection: Connection): Result {
    reader.at++;
    reader.take('TEMPORARY');
    if (reader.take('DATABASE') || reader.take('SCHEMA')) {
      const lenient = reader.take('IF', 'NOT', 'EXISTS');
      const name = reader.name();
      if (/[/\0]/.test(name) || name === '') throw new SqlFault(1102, '42000', `Incorrect database name '${name}'`);
      if (this.#storage.databases().includes(name)) {
        if (lenient) return done('CREATE DATABASE', 1);
        throw new SqlFault(1007, 'HY000', `Can't create database '${name}'; database exists`);
      }
      this.#storage.create(name);
      return done('CREATE DATABASE', 1);
    }
    if (reader.is('USER') || reader.is('ROLE') || reader.is('EXTENSION')) return this.#createUser(reader);
    if (reader.take('UNIQUE', 'INDEX') || reader.take('INDEX')) return done('CREATE INDEX');
    reader.expect('TABLE');
    const lenient = reader.take('IF', 'NOT', 'EXISTS');
    const [database, name] = this.#named(reader, connection);
    this.#mustExist(database);
    if (this.#storage.read(database, name) !== undefined) {
      if (lenient) return done('CREATE TABLE');
      throw new SqlFault(1050, '42S01', `Table '${name}' already exists`);
    }
    reader.expect('(');
    const columns: Column[] = [];
    reader.list(() => {
      if (reader.take('CONSTRAINT')) reader.name();
      if (
        reader.take('PRIMARY', 'KEY') ||
        reader.take('UNIQUE', 'KEY') ||
        reader.take('UNIQUE') ||
        reader.take('KEY') ||
        reader.take('INDEX')
      ) {
        const primary = reader.tokens[reader.at - 2]?.text === 'PRIMARY';
        if (!reader.is('(')) reader.name();
        reader.expect('(');
        const names = reader.list(() => reader.name());
        reader.expect(')');
        for (const [index, column] of columns.entries())
          if (names.includes(column.name))
            columns[index] = { ...column, key: primary ? 'PRI' : 'MUL', nullable: !primary && column.nullable };
      } else if (reader.take('FOREIGN', 'KEY') || reader.take('CHECK')) skipToEnd(reader);
      else columns.push(column(reader));
    });
    reader.expect(')');
    this.#storage.write(database, name, { columns, rows: [], next: 1 });
    return done('CREATE TABLE');
  }
  /** A user of MySQL's, with the password as it is. */
  #createUser(reader: Reader): Result {
    const word = reader.token.text;
    reader.at++;
    const lenient = reader.take('IF', 'NOT', 'EXISTS');
    const name = reader.token.kind === 'text' ? reader.token.text : reader.token.raw;
    reader.at++;
    const password = reader.tokens.find(
      (token, index) => token.kind === 'text' && /^(BY|PASSWORD)$/.test(reader.tokens[index - 1]?.text ?? ''),
    );
    const users = this.#storage.read('mysql', 'user');
    if (users !== undefined) {
      if (users.rows.some((row) => row[1] === name)) {
        if (!lenient) throw new SqlFault(1396, 'HY000', `Operation CREATE USER failed for '${name}'@'%'`);
      } else
        this.#storage.write('mysql', 'user', { ...users, rows: [...users.rows, ['%', name, password?.text ?? '']] });
    }
    return done(`CREATE ${word}`);
  }

  #drop(reader: Reader, connection: Connection): Result {
    reader.at++;
    if (reader.take('DATABASE') || reader.take('SCHEMA')) {
      const lenient = reader.take('IF', 'EXISTS');
      const name = reader.name();
      if (!this.#storage.databases().includes(name)) {
        if (lenient) return done('DROP DATABASE');
        throw new SqlFault(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`);
      }
      const count = this.#storage.tables(name).length;
      this.#storage.drop(name);
      if (connection.database === name) connection.database = '';
      return done('DROP DATABASE', count);
    }
    if (reader.take('USER') || reader.take('INDEX') || reader.take('ROLE')) return done('DROP USER');
    reader.expect('TABLE');
    const lenient = reader.take('IF', 'EXISTS');
    for (const [database, name] of reader.list(() => this.#named(reader, connection))) {
      if (this.#storage.read(database, name) !== undefined) this.#storage.remove(database, name);
      else if (!lenient) throw new SqlFault(1051, '42S02', `Unknown table '${database}.${name}'`);
    }
    return done('DROP TABLE');
  }
  #alter(reader: Reader, connection: Connection): Result {
    reader.at++;
    if (!reader.take('TABLE')) return done('ALTER');
    const [database, name] = this.#named(reader, connection);
    let table = this.table(database, name);
    let target = name;
    reader.list(() => {
      if (reader.take('ADD')) {
        reader.take('COLUMN');
        const added = column(reader);
        if (table.columns.some((one) => one.name === added.name))
          throw new SqlFault(1060, '42S21', `Duplicate column name '${added.name}'`);
        table = {
          ...table,
          columns: [...table.columns, added],
          rows: table.rows.map((row) => [...row, added.fallback ?? null]),
        };
      } else if (reader.take('DROP')) {
        reader.take('COLUMN');
        const gone = reader.name();
        const at = table.columns.findIndex((one) => one.name === gone);
        if (at === -1) throw new SqlFault(1091, '42000', `Can't DROP '${gone}'; check that column/key exists`);
        table = {
          ...table,
          columns: table.columns.toSpliced(at, 1),
          rows: table.rows.map((row) => row.toSpliced(at, 1)),
        };
      } else if (reader.take('RENAME')) {
        reader.takeAny('TO', 'AS');
        target = reader.name();
      } else throw reader.fault();
    });
    if (target !== name) this.#storage.remove(database, name);
    this.#storage.write(database, target, table);
    return done('ALTER TABLE', 0, 'Records: 0  Duplicates: 0  Warnings: 0');
  }

  #insert(reader: Reader, connection: Connection): Result {
    const replaces = reader.token.text === 'REPLACE';
    reader.at++;
    const lenient = reader.take('IGNORE');
    reader.take('INTO');
    const [database, name] = this.#named(reader, connection);
    const table = this.table(database, name);
    let names = table.columns.map((one) => one.name);
    const given: Value[][] = [];
    const value = (): Value | undefined =>
      reader.take('DEFAULT') ? undefined : reader.expression().of(new Map(), noGroup);
    if (reader.take('SET')) {
      const pairs = reader.list(() => {
        const key = reader.name();
        reader.expect('=');
        return [key, value()] as const;
      });
      names = pairs.map(([key]) => key);
      given.push(pairs.map(([, one]) => one as Value));
    } else {
      if (reader.take('(')) {
        names = reader.list(() => reader.name());
        reader.expect(')');
      }
      if (reader.is('SELECT')) given.push(...select(reader, this, connection.database).rows.map((row) => [...row]));
      else {
        if (!reader.take('VALUES') && !reader.take('VALUE')) throw reader.fault();
        reader.list(() => {
          reader.expect('(');
          given.push(reader.is(')') ? [] : (reader.list(value) as Value[]));
          reader.expect(')');
        });
      }
    }
    const at = names.map((wanted) => {
      const found = table.columns.findIndex((one) => one.name.toLowerCase() === wanted.toLowerCase());
      if (found === -1) throw new SqlFault(1054, '42S22', `Unknown column '${wanted}' in 'field list'`);
      return found;
    });
    const rows = [...table.rows];
    let { next } = table;
    let replaced = 0;
    let skipped = 0;
    for (const [index, values] of given.entries()) {
      if (values.length !== names.length)
        throw new SqlFault(1136, '21S01', `Column count doesn't match value count at row ${index + 1}`);
      const row = table.columns.map((one, position): Value => {
        const from = at.indexOf(position);
        const own = from === -1 ? undefined : values[from];
        if (one.counts && (own === undefined || own === null)) return next;
        if (own === undefined) {
          if (one.fallback === undefined && !one.nullable)
            throw new SqlFault(1364, 'HY000', `Field '${one.name}' doesn't have a default value`);
          return one.fallback === 'CURRENT_TIMESTAMP'
            ? new Date(reader.session.now).toISOString().slice(0, 19).replace('T', ' ')
            : (one.fallback ?? null);
        }
        return fitted(one, own, index + 1);
      });
      const counter = table.columns.findIndex((one) => one.counts);
      if (counter !== -1) next = Math.max(next, Number(row[counter]) + 1);
      const clash = clashOf(table, rows, row, name);
      if (clash !== undefined) {
        if (lenient) {
          skipped++;
          continue;
        }
        if (!replaces) throw clash.fault;
        rows.splice(clash.at, 1);
        replaced++;
      }
      rows.push(row);
      if (rows.length > MOST_ROWS) throw new SqlFault(1114, 'HY000', `The table '${name}' is full`);
    }
    this.#storage.write(database, name, { ...table, rows, next });
    const affected = given.length - skipped + replaced;
    return done(
      'INSERT',
      affected,
      given.length > 1 ? `Records: ${given.length}  Duplicates: ${skipped + replaced}  Warnings: 0` : undefined,
    );
  }
  #update(reader: Reader, connection: Connection): Result {
    reader.at++;
    const [database, name] = this.#named(reader, connection);
    const table = this.table(database, name);
    reader.expect('SET');
    const sets = reader.list(() => {
      const wanted = reader.name();
      const at = table.columns.findIndex((one) => one.name.toLowerCase() === wanted.toLowerCase());
      if (at === -1) throw new SqlFault(1054, '42S22', `Unknown column '${wanted}' in 'field list'`);
      reader.expect('=');
      return [at, reader.expression()] as const;
    });
    const where = reader.take('WHERE') ? reader.expression() : undefined;
    const limit = reader.take('LIMIT') ? Number(reader.expression().of(new Map(), noGroup)) : Infinity;
    reader.finish();
    let matched = 0;
    let changed = 0;
    const rows = table.rows.map((row) => {
      const named = rowOf(table, row, name);
      if (matched >= limit || !holds(where, named)) return row;
      matched++;
      const next = [...row];
      for (const [at, value] of sets) {
        const own = table.columns[at];
        if (own) next[at] = fitted(own, value.of(named, noGroup), matched);
      }
      if (next.some((one, index) => one !== row[index])) changed++;
      return next;
    });
    this.#storage.write(database, name, { ...table, rows });
    return done('UPDATE', changed, `Rows matched: ${matched}  Changed: ${changed}  Warnings: 0`);
  }
  #delete(reader: Reader, connection: Connection): Result {
    reader.at++;
    reader.expect('FROM');
    const [database, name] = this.#named(reader, connection);
    const table = this.table(database, name);
    const where = reader.take('WHERE') ? reader.expression() : undefined;
    const limit = reader.take('LIMIT') ? Number(reader.expression().of(new Map(), noGroup)) : Infinity;
    reader.finish();
    let gone = 0;
    const rows = table.rows.filter((row) => {
      if (gone >= limit || !holds(where, rowOf(table, row, name))) return true;
      gone++;
      return false;
    });
    this.#storage.write(database, name, { ...table, rows });
    return done('DELETE', gone);
  }
}

const holds = (where: Evaluated | undefined, row: Row): boolean =>
  where === undefined || isTrue(where.of(row, noGroup));

function rowOf({ columns }: Table, row: readonly Value[], name: string): Row {
  return new Map(
    columns.flatMap((one, index): [string, Value][] => {
      const value = row[index] ?? null;
      return [
        [one.name.toLowerCase(), value],
        [`${name}.${one.name}`.toLowerCase(), value],
      ];
    }),
  );
}

function skipToEnd(reader: Reader): void {
  let depth = 0;
  while (reader.token.kind !== 'end') {
    if (depth === 0 && (reader.is(',') || reader.is(')'))) return;
    if (reader.is('(')) depth++;
    if (reader.is(')')) depth--;
    reader.at++;
  }
}

/** `id INT AUTO_INCREMENT PRIMARY KEY` */
function column(reader: Reader): Column {
  const name = reader.name();
  if (reader.token.kind !== 'word') throw reader.fault();
  let type = reader.token.raw.toLowerCase();
  reader.at++;
  if (type === 'character' && reader.take('VARYING')) type = 'varchar';
  if (type === 'double') reader.take('PRECISION');
  if (reader.take('(')) {
    const sizes = reader.list(() => {
      const { raw } = reader.token;
      reader.at++;
      return raw;
    });
    reader.expect(')');
    type += `(${sizes.join(',')})`;
  }
  type = { integer: 'int', bool: 'tinyint(1)', boolean: 'tinyint(1)' }[type] ?? type;
  let made: Column = { name, type, nullable: true, key: '', counts: /^(big|small)?serial$/.test(type) };
  for (;;) {
    if (reader.take('NOT', 'NULL')) made = { ...made, nullable: false };
    else if (reader.take('NULL')) made = { ...made, nullable: true };
    else if (reader.take('AUTO_INCREMENT')) made = { ...made, counts: true };
    else if (reader.take('PRIMARY', 'KEY')) made = { ...made, key: 'PRI', nullable: false };
    else if (reader.take('UNIQUE')) {
      reader.take('KEY');
      made = { ...made, key: 'UNI' };
    } else if (reader.take('UNSIGNED')) made = { ...made, type: `${made.type} unsigned` };
    else if (reader.take('DEFAULT')) {
      const now = reader.is('CURRENT_TIMESTAMP') || reader.is('NOW');
      const value = reader.expression().of(new Map(), noGroup);
      made = { ...made, fallback: now ? 'CURRENT_TIMESTAMP' : value === null ? null : fitted(made, value, 1) };
    } else if (reader.take('COMMENT')) reader.at++;
    else if (reader.take('ON', 'UPDATE')) reader.at++;
    else if (reader.take('REFERENCES')) skipToEnd(reader);
    else if (reader.is(',') || reader.is(')') || reader.isAtEnd()) return made;
    else if (reader.take('CHARACTER', 'SET') || reader.take('COLLATE') || reader.take('AFTER')) reader.at++;
    else throw reader.fault();
  }
}

/** A value as its column takes it. */
function fitted({ name, type, nullable }: Column, value: Value, row: number): Value {
  if (value === null) {
    if (!nullable) throw new SqlFault(1048, '23000', `Column '${name}' cannot be null`);
    return null;
  }
  if (/^(tiny|small|medium|big)?int|^(big|small)?serial/.test(type)) {
    if (typeof value === 'string' && !/^\s*-?\d+(\.\d*)?\s*$/.test(value))
      throw new SqlFault(1366, 'HY000', `Incorrect integer value: '${value}' for column '${name}' at row ${row}`);
    return Math.round(Number(value));
  }
  if (/^(decimal|numeric)/.test(type)) return Number(value).toFixed(Number(/,(\d+)\)/.exec(type)?.[1] ?? 0));
  if (/^(float|double|real)/.test(type)) return Number(value);
  const text = String(value);
  const longest = Number(/^(?:var)?char\((\d+)\)/.exec(type)?.[1] ?? Infinity);
  if (text.length > longest) throw new SqlFault(1406, '22001', `Data too long for column '${name}' at row ${row}`);
  return text;
}

function clashOf(
  { columns }: Table,
  rows: readonly (readonly Value[])[],
  row: readonly Value[],
  name: string,
): { fault: SqlFault; at: number } | undefined {
  const primary = columns.flatMap((one, index) => (one.key === 'PRI' ? [index] : []));
  const keys = [
    ...(primary.length > 0 ? [{ title: 'PRIMARY', at: primary }] : []),
    ...columns.flatMap((one, index) => (one.key === 'UNI' ? [{ title: one.name, at: [index] }] : [])),
  ];
  for (const { title, at } of keys) {
    if (at.some((index) => row[index] === null)) continue;
    const clash = rows.findIndex((other) =>
      at.every((index) => compare(other[index] ?? null, row[index] ?? null) === 0),
    );
    if (clash !== -1)
      return {
        fault: new SqlFault(
          1062,
          '23000',
          `Duplicate entry '${at.map((index) => String(row[index])).join('-')}' for key '${name}.${title}'`,
        ),
        at: clash,
      };
  }
  return undefined;
}

/** As SHOW CREATE TABLE writes it. */
export function createText(name: string, { columns, next }: Table): string {
  const lines = columns.map((one) => {
    const fallback =
      one.fallback === undefined
        ? one.nullable && !one.counts
          ? ' DEFAULT NULL'
          : ''
        : ` DEFAULT ${one.fallback === null ? 'NULL' : one.fallback === 'CURRENT_TIMESTAMP' ? 'CURRENT_TIMESTAMP' : `'${one.fallback}'`}`;
    return `  \`${one.name}\` ${one.type}${one.nullable ? '' : ' NOT NULL'}${fallback}${one.counts ? ' AUTO_INCREMENT' : ''}`;
  });
  const primary = columns.filter((one) => one.key === 'PRI').map((one) => `\`${one.name}\``);
  if (primary.length > 0) lines.push(`  PRIMARY KEY (${primary.join(',')})`);
  for (const one of columns) if (one.key === 'UNI') lines.push(`  UNIQUE KEY \`${one.name}\` (\`${one.name}\`)`);
  const counter = columns.some((one) => one.counts) && next > 1 ? ` AUTO_INCREMENT=${next}` : '';
  return `CREATE TABLE \`${name}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB${counter} DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci`;
}
