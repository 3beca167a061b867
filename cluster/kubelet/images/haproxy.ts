/** HAProxy. */
import { haproxy as program } from '../daemons/haproxy.ts';
import { passOn } from '../daemons/entrypoints.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const haproxy: ImageSpec = {
  repositories: ['haproxy'],
  tags: ANY_VERSION,
  size: 45,
  base: 'debian',
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
  programs: { '/usr/local/sbin/haproxy': program, '/usr/local/bin/docker-entrypoint.sh': passOn },
  ports: [],
};
