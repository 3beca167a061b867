import { expect, test } from '@jest/globals';
import { boxWith } from '../../testing/box.ts';
import { Engine } from './engine.ts';
import { SqlFault } from './lexer.ts';
import type { Connection, Result } from './statement.ts';
import { Storage } from './storage.ts';

const MADE = `CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(5) NOT NULL, age INT DEFAULT 7, mail VARCHAR(20) UNIQUE)`;
const FILLED = "INSERT INTO t (name, mail) VALUES ('ann', 'a@x'), ('bob', 'b@x')";

function run(...statements: string[]): Result {
  const box = boxWith();
  const engine = new Engine({
    storage: new Storage(box, '/data', '.ibd'),
    now: () => box.now(),
    random: () => 0.5,
    version: '8.0.45',
    variables: new Map([['version', '8.0.45']]),
    standard: false,
  });
  const connection: Connection = { user: 'root', host: 'localhost', database: '' };
  let last: Result | undefined;
  for (const text of ['CREATE DATABASE d', 'USE d', ...statements]) last = engine.run(connection, text);
  if (last === undefined) throw new Error('nothing was run');
  return last;
}
function faultOf(...statements: string[]): string {
  try {
    run(...statements);
  } catch (fault) {
    if (!(fault instanceof SqlFault)) throw fault;
    return `${fault.number} (${fault.state}): ${fault.message}`;
  }
  return 'none';
}

test.each<[name: string, rows: unknown, ...statements: string[]]>([
  ['databases by a pattern', [['information_schema'], ['performance_schema']], "SHOW DATABASES LIKE '%schema'"],
  ['the other database', [['d']], "SHOW DATABASES LIKE 'd'"],
  ['a counted key', [['2 bob']], FILLED, "SELECT CONCAT(id, ' ', name) FROM t ORDER BY id DESC LIMIT 1"],
  ['a default', [[7]], FILLED, 'SELECT age FROM t LIMIT 1'],
  ['a new column', [['x'], ['x']], FILLED, "ALTER TABLE t ADD city CHAR(9) DEFAULT 'x'", 'SELECT city FROM t'],
  ['a table under a new name', [['u']], 'ALTER TABLE t RENAME TO u', 'SHOW TABLES'],
  ['rows of a SELECT', [[2]], FILLED, 'INSERT INTO t (name) SELECT mail FROM t LIMIT 0', 'SELECT COUNT(*) FROM t'],
  ['an emptied table counts anew', [[2]], FILLED, 'TRUNCATE t', FILLED, 'SELECT MAX(id) FROM t'],
])('SQL: %s', (_name, rows, ...statements) => {
  expect(run(MADE, ...statements)).toMatchObject({ kind: 'rows', rows });
});

test.each<[name: string, affected: number, info: string | undefined, ...statements: string[]]>([
  ['one row', 1, undefined, "INSERT INTO t (name) VALUES ('ann')"],
  ['two rows', 2, 'Records: 2  Duplicates: 0  Warnings: 0', FILLED],
  ['a replaced row counts twice', 2, undefined, FILLED, "REPLACE INTO t (id, name) VALUES (1, 'x')"],
  ['matched, not changed', 0, 'Rows matched: 2  Changed: 0  Warnings: 0', FILLED, 'UPDATE t SET age = 7'],
  ['a bounded removal', 1, undefined, FILLED, 'DELETE FROM t LIMIT 1'],
  ['a database with a table', 1, undefined, 'DROP DATABASE d'],
])('SQL counts: %s', (_name, affected, info, ...statements) => {
  const { affected: counted, info: said } = run(MADE, ...statements) as Result & { kind: 'done' };
  expect({ counted, said }).toEqual({ counted: affected, said: info });
});

test.each<[fault: string, ...statements: string[]]>([
  ["1007 (HY000): Can't create database 'd'; database exists", 'CREATE DATABASE d'],
  ["1008 (HY000): Can't drop database 'e'; database doesn't exist", 'DROP DATABASE e'],
  ['1046 (3D000): No database selected', 'DROP DATABASE d', 'SHOW TABLES'],
  ["1048 (23000): Column 'name' cannot be null", 'INSERT INTO t (name) VALUES (NULL)'],
  ["1049 (42000): Unknown database 'e'", 'USE e'],
  ["1050 (42S01): Table 't' already exists", MADE],
  ["1051 (42S02): Unknown table 'd.u'", 'DROP TABLE u'],
  ["1054 (42S22): Unknown column 'size' in 'field list'", 'UPDATE t SET size = 1'],
  ["1060 (42S21): Duplicate column name 'age'", 'ALTER TABLE t ADD age INT'],
  ["1062 (23000): Duplicate entry '1' for key 't.PRIMARY'", FILLED, "INSERT INTO t (id, name) VALUES (1, 'x')"],
  ["1062 (23000): Duplicate entry 'a@x' for key 't.mail'", FILLED, "INSERT INTO t (name, mail) VALUES ('x', 'a@x')"],
  [
    "1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'SELEC 1' at line 1",
    'SELEC 1',
  ],
  ['1065 (42000): Query was empty', ''],
  ["1091 (42000): Can't DROP 'size'; check that column/key exists", 'ALTER TABLE t DROP size'],
  ["1136 (21S01): Column count doesn't match value count at row 1", "INSERT INTO t (name, age) VALUES ('x')"],
  ["1146 (42S02): Table 'd.u' doesn't exist", 'SELECT * FROM u'],
  ["1364 (HY000): Field 'name' doesn't have a default value", 'INSERT INTO t (age) VALUES (1)'],
  [
    "1366 (HY000): Incorrect integer value: 'old' for column 'age' at row 1",
    "INSERT INTO t (name, age) VALUES ('x', 'old')",
  ],
  ["1406 (22001): Data too long for column 'name' at row 1", "INSERT INTO t (name) VALUES ('longer')"],
])('MySQL says: %s', (fault, ...statements) => {
  expect(faultOf(MADE, ...statements)).toBe(fault);
});
