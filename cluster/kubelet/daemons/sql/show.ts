/** SHOW and DESCRIBE. */
import { SYSTEM, type Catalog } from './catalog.ts';
import { createText } from './column.ts';
import type { Reader, Value } from './expression.ts';
import { noGroup, type Connection, type Result } from './statement.ts';

export function show(reader: Reader, catalog: Catalog, connection: Connection): Result {
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
        pattern([...SYSTEM, ...catalog.storage.databases()].sort()).map((name) => [name]),
      );
    case 'TABLES': {
      const database = reader.take('FROM') || reader.take('IN') ? reader.name() : connection.database;
      catalog.mustExist(database);
      return rows(
        [`Tables_in_${database}`],
        pattern(catalog.storage.tables(database)).map((name) => [name]),
      );
    }
    case 'COLUMNS':
    case 'FIELDS':
      reader.takeAny('FROM', 'IN');
      return columnsOf(catalog, ...catalog.named(reader, connection));
    case 'CREATE': {
      if (reader.take('DATABASE') || reader.take('SCHEMA')) {
        const name = reader.name();
        catalog.mustExist(name);
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
      const [database, name] = catalog.named(reader, connection);
      return rows(['Table', 'Create Table'], [[name, createText(name, catalog.table(database, name))]]);
    }
    case 'VARIABLES':
    case 'STATUS': {
      const known = new Map(reader.session.variables);
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
/** As DESCRIBE shows a table. */
export function columnsOf(catalog: Catalog, database: string, name: string): Result {
  const { columns } = catalog.table(database, name);
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
