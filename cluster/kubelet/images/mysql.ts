/** MySQL. */
import { MYSQL_FILES, mysqlPrograms } from '../daemons/mysql/mysql.ts';
import { type ImageSpec, versionOf } from './image.ts';

const version = (tag: string): string =>
  versionOf(
    tag,
    { '9': '9.5.0', '8.4': '8.4.7', '8.0': '8.0.44', '8': '8.4.7', '5.7': '5.7.44', '5': '5.7.44', '5.6': '5.6.51' },
    '9.5.0',
  );

export const mysql: ImageSpec = {
  repositories: [
    'mysql',
    'container-registry.oracle.com/mysql/community-server',
    'mysql/mysql-server',
    'bitnami/mysql',
    'bitnamilegacy/mysql',
  ],
  tags: /^(latest|lts|innovation|oracle|oraclelinux9|[5-9](\.\d+){0,2}(-[a-z0-9.-]+)?)$/,
  size: 270,
  base: (tag) => (tag.startsWith('5.6') ? 'debian' : 'redhat'),
  packages: ['gzip', 'openssl', 'perl'],
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mysqld'],
  programs: (tag) => mysqlPrograms(version(tag), 'MySQL'),
  files: MYSQL_FILES,
  accounts: [['mysql', 999, '/var/lib/mysql', '/bin/bash']],
  ports: [3306, 33060],
  env: (tag) => ({
    MYSQL_MAJOR: version(tag).split('.').slice(0, 2).join('.'),
    MYSQL_VERSION: `${version(tag)}-1.el9`,
  }),
};
