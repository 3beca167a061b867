/** INSERT, REPLACE, UPDATE and DELETE. */
import type { Catalog } from './catalog.ts';
import { fitted } from './column.ts';
import { compare, isTrue, type Evaluated, type Reader, type Row, type Value } from './expression.ts';
import { SqlFault } from './lexer.ts';
import { select } from './select.ts';
import { done, noGroup, type Connection, type Result } from './statement.ts';
import type { Table } from './storage.ts';

/** Rows of one table. */
const MOST_ROWS = 20_000;

export function insert(reader: Reader, catalog: Catalog, connection: Connection): Result {
  const replaces = reader.token.text === 'REPLACE';
  reader.at++;
  const lenient = reader.take('IGNORE');
  reader.take('INTO');
  const [database, name] = catalog.named(reader, connection);
  const table = catalog.table(database, name);
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
    if (reader.is('SELECT')) given.push(...select(reader, catalog, connection.database).rows.map((row) => [...row]));
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
  catalog.storage.write(database, name, { ...table, rows, next });
  const affected = given.length - skipped + replaced;
  return done(
    'INSERT',
    affected,
    given.length > 1 ? `Records: ${given.length}  Duplicates: ${skipped + replaced}  Warnings: 0` : undefined,
  );
}

export function update(reader: Reader, catalog: Catalog, connection: Connection): Result {
  reader.at++;
  const [database, name] = catalog.named(reader, connection);
  const table = catalog.table(database, name);
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
  catalog.storage.write(database, name, { ...table, rows });
  return done('UPDATE', changed, `Rows matched: ${matched}  Changed: ${changed}  Warnings: 0`);
}

export function remove(reader: Reader, catalog: Catalog, connection: Connection): Result {
  reader.at++;
  reader.expect('FROM');
  const [database, name] = catalog.named(reader, connection);
  const table = catalog.table(database, name);
  const where = reader.take('WHERE') ? reader.expression() : undefined;
  const limit = reader.take('LIMIT') ? Number(reader.expression().of(new Map(), noGroup)) : Infinity;
  reader.finish();
  let gone = 0;
  const rows = table.rows.filter((row) => {
    if (gone >= limit || !holds(where, rowOf(table, row, name))) return true;
    gone++;
    return false;
  });
  catalog.storage.write(database, name, { ...table, rows });
  return done('DELETE', gone);
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

/** The row that has the same key already. */
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
