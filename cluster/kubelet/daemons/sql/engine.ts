/** A small SQL server: databases, tables, and the statements of tutorials and exercises, with MySQL's words for mistakes. */
import { Catalog } from './catalog.ts';
import { alter, create, drop, truncate } from './definition.ts';
import { Reader, type Session, type Value } from './expression.ts';
import { SqlFault, tokenise } from './lexer.ts';
import { insert, remove, update } from './manipulation.ts';
import { select } from './select.ts';
import { columnsOf, show } from './show.ts';
import { done, type Connection, type Result } from './statement.ts';
import type { Storage } from './storage.ts';

export interface EngineParts {
  storage: Storage;
  now(): number;
  random(): number;
  version: string;
  variables: ReadonlyMap<string, Value>;
  /** Double quotes are around names, as in the standard. */
  standard: boolean;
}

export class Engine {
  readonly #parts: EngineParts;
  readonly #catalog: Catalog;
  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#catalog = new Catalog(parts.storage, parts.standard);
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
    const catalog = this.#catalog;
    const word = reader.token.text;
    switch (word) {
      case 'SELECT':
        return { kind: 'rows', ...select(reader, catalog, connection.database) };
      case 'SHOW':
        return show(reader, catalog, connection);
      case 'DESCRIBE':
      case 'DESC':
      case 'EXPLAIN':
        reader.at++;
        return columnsOf(catalog, ...catalog.named(reader, connection));
      case 'USE': {
        reader.at++;
        const name = reader.name();
        catalog.mustExist(name);
        connection.database = name;
        return done('USE');
      }
      case 'CREATE':
        return create(reader, catalog, connection);
      case 'DROP':
        return drop(reader, catalog, connection);
      case 'TRUNCATE':
        return truncate(reader, catalog, connection);
      case 'ALTER':
        return alter(reader, catalog, connection);
      case 'INSERT':
      case 'REPLACE':
        return insert(reader, catalog, connection);
      case 'UPDATE':
        return update(reader, catalog, connection);
      case 'DELETE':
        return remove(reader, catalog, connection);
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
}
