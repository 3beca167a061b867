/** CREATE, DROP, ALTER and TRUNCATE. */
import type { Catalog } from './catalog.ts';
import { column, skipToEnd } from './column.ts';
import type { Reader } from './expression.ts';
import { SqlFault } from './lexer.ts';
import { done, type Connection, type Result } from './statement.ts';
import type { Column } from './storage.ts';

export function create(reader: Reader, catalog: Catalog, connection: Connection): Result {
  reader.at++;
  reader.take('TEMPORARY');
  if (reader.take('DATABASE') || reader.take('SCHEMA')) {
    const lenient = reader.take('IF', 'NOT', 'EXISTS');
    const name = reader.name();
    if (/[/\0]/.test(name) || name === '') throw new SqlFault(1102, '42000', `Incorrect database name '${name}'`);
    if (catalog.storage.databases().includes(name)) {
      if (lenient) return done('CREATE DATABASE', 1);
      throw new SqlFault(1007, 'HY000', `Can't create database '${name}'; database exists`);
    }
    catalog.storage.create(name);
    return done('CREATE DATABASE', 1);
  }
  if (reader.is('USER') || reader.is('ROLE') || reader.is('EXTENSION')) return createUser(reader, catalog);
  if (reader.take('UNIQUE', 'INDEX') || reader.take('INDEX')) return done('CREATE INDEX');
  reader.expect('TABLE');
  const lenient = reader.take('IF', 'NOT', 'EXISTS');
  const [database, name] = catalog.named(reader, connection);
  catalog.mustExist(database);
  if (catalog.storage.read(database, name) !== undefined) {
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
  catalog.storage.write(database, name, { columns, rows: [], next: 1 });
  return done('CREATE TABLE');
}

/** A user of MySQL's, with the password as it is. */
function createUser(reader: Reader, catalog: Catalog): Result {
  const word = reader.token.text;
  reader.at++;
  const lenient = reader.take('IF', 'NOT', 'EXISTS');
  const name = reader.token.kind === 'text' ? reader.token.text : reader.token.raw;
  reader.at++;
  const password = reader.tokens.find(
    (token, index) => token.kind === 'text' && /^(BY|PASSWORD)$/.test(reader.tokens[index - 1]?.text ?? ''),
  );
  const users = catalog.storage.read('mysql', 'user');
  if (users !== undefined) {
    if (users.rows.some((row) => row[1] === name)) {
      if (!lenient) throw new SqlFault(1396, 'HY000', `Operation CREATE USER failed for '${name}'@'%'`);
    } else
      catalog.storage.write('mysql', 'user', { ...users, rows: [...users.rows, ['%', name, password?.text ?? '']] });
  }
  return done(`CREATE ${word}`);
}

export function drop(reader: Reader, catalog: Catalog, connection: Connection): Result {
  reader.at++;
  if (reader.take('DATABASE') || reader.take('SCHEMA')) {
    const lenient = reader.take('IF', 'EXISTS');
    const name = reader.name();
    if (!catalog.storage.databases().includes(name)) {
      if (lenient) return done('DROP DATABASE');
      throw new SqlFault(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`);
    }
    const count = catalog.storage.tables(name).length;
    catalog.storage.drop(name);
    if (connection.database === name) connection.database = '';
    return done('DROP DATABASE', count);
  }
  if (reader.take('USER') || reader.take('INDEX') || reader.take('ROLE')) return done('DROP USER');
  reader.expect('TABLE');
  const lenient = reader.take('IF', 'EXISTS');
  for (const [database, name] of reader.list(() => catalog.named(reader, connection))) {
    if (catalog.storage.read(database, name) !== undefined) catalog.storage.remove(database, name);
    else if (!lenient) throw new SqlFault(1051, '42S02', `Unknown table '${database}.${name}'`);
  }
  return done('DROP TABLE');
}

export function alter(reader: Reader, catalog: Catalog, connection: Connection): Result {
  reader.at++;
  if (!reader.take('TABLE')) return done('ALTER');
  const [database, name] = catalog.named(reader, connection);
  let table = catalog.table(database, name);
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
  if (target !== name) catalog.storage.remove(database, name);
  catalog.storage.write(database, target, table);
  return done('ALTER TABLE', 0, 'Records: 0  Duplicates: 0  Warnings: 0');
}

export function truncate(reader: Reader, catalog: Catalog, connection: Connection): Result {
  reader.at++;
  reader.take('TABLE');
  const [database, name] = catalog.named(reader, connection);
  catalog.storage.write(database, name, { ...catalog.table(database, name), rows: [], next: 1 });
  return done('TRUNCATE TABLE');
}
