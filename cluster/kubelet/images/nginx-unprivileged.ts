/** nginx for others than root: it listens on 8080. */
import { UNPRIVILEGED_FILES } from '../daemons/nginx/files.ts';
import { dockerEntrypoint, nginxProgram } from '../daemons/nginx/nginx.ts';
import { ANY_VERSION, type ImageSpec, versionOf } from './image.ts';

export const nginxUnprivileged: ImageSpec = {
  repositories: ['nginxinc/nginx-unprivileged', 'bitnami/nginx', 'bitnamilegacy/nginx'],
  tags: ANY_VERSION,
  size: 72,
  base: 'debian',
  packages: ['curl'],
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  programs: (tag) => ({
    '/usr/sbin/nginx': nginxProgram(versionOf(tag, { '1.27': '1.27.5', '1.28': '1.28.0' }, '1.29.3')),
    '/docker-entrypoint.sh': dockerEntrypoint,
  }),
  files: UNPRIVILEGED_FILES,
  accounts: [['nginx', 101, '/nonexistent', '/bin/false']],
  ports: [8080],
  user: 101,
};
