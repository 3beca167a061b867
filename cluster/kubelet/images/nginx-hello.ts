/** nginx telling which server answered: as a page, or as text. */
import { dockerEntrypoint } from '../daemons/nginx/nginx.ts';
import { nginxHello as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const nginxHello: ImageSpec = {
  repositories: ['nginxdemos/hello', 'nginxdemos/nginx-hello'],
  tags: /^(latest|plain-text|\d+(\.\d+)*(-plain-text)?)$/,
  size: 20,
  base: 'alpine',
  packages: ['curl'],
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  programs: (tag) => ({
    '/usr/sbin/nginx': program(tag.includes('plain-text')),
    '/docker-entrypoint.sh': dockerEntrypoint,
  }),
  accounts: [['nginx', 101, '/nonexistent', '/bin/false']],
  ports: [80],
};
