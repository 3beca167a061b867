import { expect, test } from '@jest/globals';
import { SqlFault } from '../sql/lexer.ts';
import { tagOf, words } from './answer.ts';

test.each<[said: string, number: number, message: string, statement: string]>([
  ['ERROR:  table "u" does not exist', 1051, "Unknown table 'd.u'", 'DROP TABLE u'],
  ['ERROR:  relation "t" already exists', 1050, "Table 't' already exists", 'CREATE TABLE t (id INT)'],
  ['FATAL:  database "e" does not exist', 1049, "Unknown database 'e'", 'USE e'],
  [
    `ERROR:  relation "u" does not exist\nLINE 1: SELECT 1 FROM u\n${' '.repeat(22)}^`,
    1146,
    "Table 'd.u' doesn't exist",
    'SELECT 1 FROM u',
  ],
  [
    'ERROR:  duplicate key value violates unique constraint "t_pkey"',
    1062,
    "Duplicate entry '1' for key 't.PRIMARY'",
    'INSERT INTO t VALUES (1)',
  ],
  ['ERROR:  No tables used', 1096, 'No tables used', 'SELECT *'],
])('PostgreSQL says: %s', (said, number, message, statement) => {
  expect(words(new SqlFault(number, 'HY000', message), statement)).toBe(said);
});

test.each<[shown: string, tag: string, affected: number]>([
  ['INSERT 0 2', 'INSERT', 2],
  ['UPDATE 0', 'UPDATE', 0],
  ['CREATE TABLE', 'CREATE TABLE', 0],
])('psql prints %s', (shown, tag, affected) => {
  expect(tagOf({ kind: 'done', tag, affected })).toBe(shown);
});
