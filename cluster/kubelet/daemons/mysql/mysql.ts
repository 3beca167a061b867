/** The programs and files of the images of MySQL and MariaDB. */
import { file, folder, type Node } from '../../files/file-tree.ts';
import type { Program } from '../../shell/box.ts';
import { mysqlAdmin, mysqlClient, mysqlDump } from './client.ts';
import { mysqlEntrypoint } from './entrypoint.ts';
import { mysqld, type Product } from './server.ts';

export function mysqlPrograms(version: string, product: Product): Record<string, Program> {
  const server: Program = (context) => mysqld(context, version, product);
  const client: Program = (context) => mysqlClient(context, version, product);
  const admin: Program = (context) => mysqlAdmin(context, version);
  const dump: Program = (context) => mysqlDump(context, version);
  const own: Record<string, Program> =
    product === 'MySQL'
      ? {
          '/usr/sbin/mysqld': server,
          '/usr/bin/mysql': client,
          '/usr/bin/mysqladmin': admin,
          '/usr/bin/mysqldump': dump,
        }
      : {
          '/usr/sbin/mariadbd': server,
          '/usr/sbin/mysqld': server,
          '/usr/bin/mariadb': client,
          '/usr/bin/mariadb-admin': admin,
          '/usr/bin/mariadb-dump': dump,
        };
  return { ...own, '/usr/local/bin/docker-entrypoint.sh': (context) => mysqlEntrypoint(context, version, product) };
}

export const MYSQL_FILES: Readonly<Record<string, Node>> = {
  'var/lib/mysql': folder([], { uid: 999, gid: 999 }),
  'var/run/mysqld': folder([], { uid: 999, gid: 999 }),
  'etc/my.cnf': file(
    '[mysqld]\nhost-cache-size=0\nskip-name-resolve\ndatadir=/var/lib/mysql\nsocket=/var/run/mysqld/mysqld.sock\n\n!includedir /etc/mysql/conf.d/\n',
  ),
  'etc/mysql/conf.d': folder(),
  'docker-entrypoint-initdb.d': folder(),
};
