/** PostgreSQL. */
import { POSTGRES_FILES, postgresPrograms } from '../daemons/postgres/postgres.ts';
import type { ImageSpec } from './image.ts';

const version = (tag: string): string =>
  /^\d+\.\d+/.exec(tag)?.[0] ??
  { '18': '18.0', '17': '17.6', '16': '16.10', '15': '15.14', '14': '14.19', '13': '13.22' }[
    /^\d+/.exec(tag)?.[0] ?? '18'
  ] ??
  '18.0';

export const postgres: ImageSpec = {
  repositories: ['postgres', 'bitnami/postgresql', 'bitnamilegacy/postgresql'],
  tags: /^(latest|alpine|bookworm|trixie|(9|1[0-8])(\.\d+){0,2}(-[a-z0-9.-]+)?)$/,
  size: (tag) => (tag.includes('alpine') ? 105 : 155),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  packages: ['bash', 'perl'],
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['postgres'],
  programs: (tag) => postgresPrograms(version(tag)),
  files: POSTGRES_FILES,
  accounts: [['postgres', 999, '/var/lib/postgresql', '/bin/bash']],
  ports: [5432],
  env: (tag) => ({
    PATH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${version(tag).split('.')[0]}/bin`,
    LANG: 'en_US.utf8',
    PG_MAJOR: version(tag).split('.')[0] ?? '',
    PG_VERSION: `${version(tag)}-1.pgdg13+1`,
    PGDATA:
      Number(version(tag).split('.')[0]) >= 18
        ? `/var/lib/postgresql/${version(tag).split('.')[0]}/docker`
        : '/var/lib/postgresql/data',
  }),
};
