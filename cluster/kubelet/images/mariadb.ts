/** MariaDB. */
import { MYSQL_FILES, mysqlPrograms } from '../daemons/mysql/mysql.ts';
import { type ImageSpec, versionOf } from './image.ts';

const version = (tag: string): string =>
  versionOf(tag, { '12': '12.0.2', '11.8': '11.8.3', '11': '11.8.3', '10.11': '10.11.14', '10': '10.11.14' }, '12.0.2');

export const mariadb: ImageSpec = {
  repositories: ['mariadb', 'bitnami/mariadb', 'bitnamilegacy/mariadb'],
  tags: /^(latest|lts|noble|jammy|(10|11|12)(\.\d+){0,2}(-[a-z0-9.-]+)?)$/,
  size: 120,
  base: 'ubuntu',
  packages: ['perl'],
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mariadbd'],
  programs: (tag) => mysqlPrograms(version(tag), 'MariaDB'),
  files: MYSQL_FILES,
  accounts: [['mysql', 999, '/var/lib/mysql', '/bin/bash']],
  ports: [3306],
  env: (tag) => ({ MARIADB_VERSION: `1:${version(tag)}+maria~ubu2404` }),
};
