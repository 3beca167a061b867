/** Columns: as they are written, what they take, and as they are shown. */
import type { Reader, Value } from './expression.ts';
import { SqlFault } from './lexer.ts';
import { noGroup } from './statement.ts';
import type { Column, Table } from './storage.ts';

/** Past what is not kept of a definition, up to its comma or bracket. */
export function skipToEnd(reader: Reader): void {
  let depth = 0;
  while (reader.token.kind !== 'end') {
    if (depth === 0 && (reader.is(',') || reader.is(')'))) return;
    if (reader.is('(')) depth++;
    if (reader.is(')')) depth--;
    reader.at++;
  }
}

/** `id INT AUTO_INCREMENT PRIMARY KEY` */
export function column(reader: Reader): Column {
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

/** A value as its column takes it. @throws SqlFault */
export function fitted({ name, type, nullable }: Column, value: Value, row: number): Value {
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
