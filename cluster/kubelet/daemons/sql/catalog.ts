/** Names of databases and tables, and the tables that the server makes up itself. */
import type { Reader, Value } from './expression.ts';
import { SqlFault } from './lexer.ts';
import type { Tables } from './select.ts';
import type { Connection } from './statement.ts';
import type { Storage, Table } from './storage.ts';

export const SYSTEM = ['information_schema', 'performance_schema', 'sys'];

export class Catalog implements Tables {
  readonly storage: Storage;
  /** PostgreSQL's: `public` is a schema, not a database. */
  readonly #standard: boolean;

  constructor(storage: Storage, standard: boolean) {
    this.storage = storage;
    this.#standard = standard;
  }

  /** @throws SqlFault */
  mustExist(database: string): void {
    if (database === '') throw new SqlFault(1046, '3D000', 'No database selected');
    if (!this.storage.databases().includes(database) && !SYSTEM.includes(database))
      throw new SqlFault(1049, '42000', `Unknown database '${database}'`);
  }
  /** Database and table of a name, which may leave out the former. */
  named(reader: Reader, { database }: Connection): [database: string, table: string] {
    const first = reader.name();
    if (!reader.take('.')) {
      if (database === '') throw new SqlFault(1046, '3D000', 'No database selected');
      return [database, first];
    }
    const second = reader.name();
    // PostgreSQL's schema is no database
    return first === 'public' && this.#standard ? [database, second] : [first, second];
  }
  table(database: string, name: string): Table {
    if (database === '') throw new SqlFault(1046, '3D000', 'No database selected');
    const virtual = this.#virtual(database.toLowerCase(), name.toLowerCase());
    if (virtual !== undefined) return virtual;
    this.mustExist(database);
    const found = this.storage.read(database, name);
    if (found === undefined) throw new SqlFault(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
    return found;
  }
  #virtual(database: string, name: string): Table | undefined {
    const made = (titles: readonly string[], rows: Value[][]): Table => ({
      columns: titles.map((title) => ({ name: title, type: 'varchar(64)', nullable: true, key: '', counts: false })),
      rows,
      next: 1,
    });
    const all = this.storage.databases();
    if (database === 'information_schema' && name === 'schemata')
      return made(
        ['SCHEMA_NAME'],
        [...SYSTEM, ...all].sort().map((one) => [one]),
      );
    if (database === 'information_schema' && name === 'tables')
      return made(
        ['TABLE_SCHEMA', 'TABLE_NAME', 'TABLE_ROWS'],
        all.flatMap((one) =>
          this.storage.tables(one).map((table) => [one, table, this.storage.read(one, table)?.rows.length ?? 0]),
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
        all.flatMap((one) => this.storage.tables(one).map((table) => ['public', table])),
      );
    return undefined;
  }
}
