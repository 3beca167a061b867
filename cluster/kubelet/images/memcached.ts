/** memcached. */
import { memcached as program } from '../daemons/memcached.ts';
import { passOn } from '../daemons/entrypoints.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const memcached: ImageSpec = {
  repositories: ['memcached'],
  tags: ANY_VERSION,
  size: (tag) => (tag.includes('alpine') ? 9 : 30),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['memcached'],
  programs: { '/usr/local/bin/memcached': program, '/usr/local/bin/docker-entrypoint.sh': passOn },
  accounts: [['memcache', 11211, '/nonexistent', '/bin/sh']],
  ports: [11211],
  user: 11211,
};
