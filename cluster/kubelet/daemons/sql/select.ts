/** SELECT: joins, conditions, groups, order, limit. */
import { compare, isTrue, type Evaluated, type Group, type Reader, type Row, type Value } from './expression.ts';
import { SqlFault } from './lexer.ts';
import type { Table } from './storage.ts';

export interface Tables {
  /** @throws SqlFault */
  table(database: string, name: string): Table;
}
/** Pairs of rows that a join may look at, as MAX_JOIN_SIZE bounds it. */
const MOST_EXAMINED = 200_000;

interface Output {
  title: string;
  value: Evaluated | 'all';
  /** For `t.*` */
  of?: string;
}
interface From {
  alias: string;
  table: Table;
}

const named = ({ alias, table }: From, row: readonly Value[]): [string, Value][] =>
  table.columns.flatMap((one, index): [string, Value][] => {
    const value = row[index] ?? null;
    const key = one.name.toLowerCase();
    return [
      [key, value],
      [`${alias.toLowerCase()}.${key}`, value],
    ];
  });

function source(reader: Reader, tables: Tables, database: string): From {
  let [owner, name] = [database, reader.name()];
  if (reader.take('.')) [owner, name] = [name === 'public' ? database : name, reader.name()];
  const table = tables.table(owner, name);
  reader.take('AS');
  const aliased =
    reader.token.kind === 'quoted' ||
    (reader.token.kind === 'word' &&
      !/^(WHERE|GROUP|ORDER|LIMIT|HAVING|ON|JOIN|LEFT|INNER|RIGHT|CROSS|OFFSET|FOR|UNION)$/.test(reader.token.text));
  return { alias: aliased ? reader.name() : name, table };
}

function joined(reader: Reader, tables: Tables, database: string): { rows: Row[]; from: From[] } {
  const first = source(reader, tables, database);
  const from = [first];
  let rows: Row[] = first.table.rows.map((row) => new Map(named(first, row)));
  let examined = rows.length;
  for (;;) {
    const left = reader.take('LEFT', 'JOIN') || reader.take('LEFT', 'OUTER', 'JOIN');
    if (
      !left &&
      !reader.take(',') &&
      !reader.take('JOIN') &&
      !reader.take('INNER', 'JOIN') &&
      !reader.take('CROSS', 'JOIN')
    )
      return { rows, from };
    const next = source(reader, tables, database);
    from.push(next);
    const on = reader.take('ON') ? reader.expression() : undefined;
    examined += rows.length * next.table.rows.length;
    if (examined > MOST_EXAMINED)
      throw new SqlFault(
        1104,
        '42000',
        'The SELECT would examine more than MAX_JOIN_SIZE rows; check your WHERE and use SET SQL_BIG_SELECTS=1 or SET MAX_JOIN_SIZE=# if the SELECT is okay',
      );
    const nothing = next.table.columns.map(() => null);
    rows = rows.flatMap((row) => {
      const pairs = next.table.rows
        .map((other): Row => new Map([...named(next, other), ...row]))
        .filter((pair) => on === undefined || isTrue(on.of(pair, { rows: [] })));
      return pairs.length === 0 && left ? [new Map([...named(next, nothing), ...row])] : pairs;
    });
  }
}

export function select(
  reader: Reader,
  tables: Tables,
  database: string,
): { titles: string[]; rows: (readonly Value[])[] } {
  reader.expect('SELECT');
  const distinct = reader.take('DISTINCT');
  const outputs = reader.list((): Output => {
    if (reader.take('*')) return { title: '*', value: 'all' };
    if (reader.tokens[reader.at + 1]?.text === '.' && reader.tokens[reader.at + 2]?.text === '*') {
      const of = reader.name();
      reader.at += 2;
      return { title: '*', value: 'all', of };
    }
    const value = reader.expression();
    const { token } = reader;
    if (
      reader.take('AS') ||
      token.kind === 'quoted' ||
      (token.kind === 'word' && !/^(FROM|WHERE|LIMIT|ORDER|GROUP|HAVING|UNION|INTO|FOR)$/.test(token.text))
    ) {
      const alias = reader.token.kind === 'text' ? reader.token.text : undefined;
      if (alias !== undefined) reader.at++;
      return { title: alias ?? reader.name(), value };
    }
    return { title: value.title, value };
  });
  const { rows, from } = reader.take('FROM')
    ? joined(reader, tables, database)
    : { rows: [new Map<string, Value>()], from: [] };
  const where = reader.take('WHERE') ? reader.expression() : undefined;
  const found = where === undefined ? rows : rows.filter((row) => isTrue(where.of(row, { rows: [] })));
  const by = reader.take('GROUP', 'BY') ? reader.list(() => reader.expression()) : undefined;
  const having = reader.take('HAVING') ? reader.expression() : undefined;
  const order = reader.take('ORDER', 'BY')
    ? reader.list(() => {
        const value = reader.expression();
        const descending = reader.take('DESC');
        if (!descending) reader.take('ASC');
        return { value, descending };
      })
    : [];
  let [limit, offset] = [Infinity, 0];
  if (reader.take('LIMIT')) {
    const read = () => Number(reader.expression().of(new Map(), { rows: [] }));
    limit = read();
    if (reader.take(',')) [offset, limit] = [limit, read()];
    else if (reader.take('OFFSET')) offset = read();
  }
  reader.finish();

  const expanded = outputs.flatMap((output): { title: string; value: Evaluated }[] => {
    if (output.value !== 'all') return [{ title: output.title, value: output.value }];
    if (from.length === 0) throw new SqlFault(1096, 'HY000', 'No tables used');
    const own = from.filter((one) => output.of === undefined || one.alias.toLowerCase() === output.of.toLowerCase());
    if (own.length === 0) throw new SqlFault(1051, '42S02', `Unknown table '${output.of}'`);
    return own.flatMap(({ alias, table }) =>
      table.columns.map((one) => ({
        title: one.name,
        value: {
          of: (row: Row) => row.get(`${alias}.${one.name}`.toLowerCase()) ?? null,
          title: one.name,
          aggregate: false,
        },
      })),
    );
  });
  // an unknown column is a mistake even of an empty table
  const sample: Row = new Map(from.flatMap((one) => named(one, [])));
  for (const { value } of expanded) value.of(sample, { rows: [] });

  let groups: { row: Row; group: Group }[];
  if (by !== undefined || expanded.some((one) => one.value.aggregate)) {
    const byKey = new Map<string, Row[]>();
    for (const row of found) {
      const key = JSON.stringify((by ?? []).map((one) => one.of(row, { rows: [] })));
      byKey.set(key, [...(byKey.get(key) ?? []), row]);
    }
    if (by === undefined && byKey.size === 0) byKey.set('', []);
    groups = [...byKey.values()].map((members) => ({ row: members[0] ?? sample, group: { rows: members } }));
  } else groups = found.map((row) => ({ row, group: { rows: [row] } }));
  const shown = groups.map(({ row, group }) => {
    const values = expanded.map((one) => one.value.of(row, group));
    // conditions after the fact and the order may use the names of what is shown
    const all: Row = new Map([
      ...row,
      ...expanded.map((one, index): [string, Value] => [one.title.toLowerCase(), values[index] ?? null]),
    ]);
    return { values, all, group };
  });
  const kept = having === undefined ? shown : shown.filter(({ all, group }) => isTrue(having.of(all, group)));
  if (order.length > 0)
    kept.sort((a, b) => {
      for (const { value, descending } of order) {
        const position = /^\d+$/.test(value.title) ? Number(value.title) - 1 : -1;
        const of = (one: typeof a): Value =>
          position >= 0 ? (one.values[position] ?? null) : value.of(one.all, one.group);
        const [left, right] = [of(a), of(b)];
        const difference =
          left === null || right === null ? Number(left !== null) - Number(right !== null) : compare(left, right);
        if (difference !== 0) return descending ? -difference : difference;
      }
      return 0;
    });
  let rowsOut = kept.map(({ values }): readonly Value[] => values);
  if (distinct) rowsOut = [...new Map(rowsOut.map((row) => [JSON.stringify(row), row])).values()];
  return { titles: expanded.map(({ title }) => title), rows: rowsOut.slice(offset, offset + limit) };
}
