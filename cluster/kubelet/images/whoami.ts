/** Traefik's whoami. */
import { whoami as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const whoami: ImageSpec = {
  repositories: ['traefik/whoami', 'containous/whoami', 'jwilder/whoami'],
  tags: /^(latest|v?1(\.\d+){0,2})$/,
  size: 3,
  base: 'scratch',
  entrypoint: ['/whoami'],
  programs: { '/whoami': program },
  ports: [80],
};
