import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGES } from './index.ts';
import { lookUpImage } from './lookup.ts';
import { observe, type Observed } from './observe.ts';

const goldens = JSON.parse(readFileSync(join(import.meta.dirname, 'goldens.json'), 'utf8')) as Observed[];

test.each(IMAGES.map((spec) => [spec.repositories[0] ?? '', spec] as const))(
  '%s starts, answers and ends',
  (repository, spec) => {
    const golden = goldens.find(({ image }) => image.replace(/:[^:/]*$/, '') === repository);
    expect(observe(spec)).toEqual(golden);
  },
);

test('no repository is described twice', () => {
  const names = IMAGES.flatMap(({ repositories }) => repositories);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each<[string, string, string]>([
  ['mysql', 'mysql', '    - MYSQL_RANDOM_ROOT_PASSWORD'],
  [
    'mariadb',
    'mariadb',
    '\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD',
  ],
  ['postgres', 'postgres', '       https://www.postgresql.org/docs/current/auth-trust.html'],
])('%s without its password says what it needs and ends with 1', (_name, repository, last) => {
  const spec = IMAGES.find(({ repositories }) => repositories[0] === repository);
  expect(spec && observe(spec, {})).toMatchObject({ last, ended: 'by itself 1', ports: [] });
});

test.each<[string, 'found' | 'missing' | 'invalid']>([
  ['nginx', 'found'],
  ['docker.io/library/nginx:1.29', 'found'],
  ['docker.io/nginx:1.29', 'found'],
  ['nginx:1.29-alpine', 'found'],
  ['nginx:99.99', 'missing'],
  ['nginx:1.29.3.4', 'missing'],
  ['ngnix', 'missing'],
  ['registry.example.com/nginx', 'missing'],
  ['Nginx', 'invalid'],
  ['nginx:', 'invalid'],
  [`nginx@sha256:${'0'.repeat(64)}`, 'found'],
])('%s is %s', (name, kind) => {
  expect(lookUpImage(name).kind).toBe(kind);
});
