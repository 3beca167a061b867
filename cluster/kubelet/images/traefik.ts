/** Traefik. */
import { passOn } from '../daemons/entrypoints.ts';
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const traefik: ImageSpec = {
  repositories: ['traefik', 'traefik/traefik'],
  tags: ANY_VERSION,
  size: 40,
  base: 'alpine',
  entrypoint: ['/entrypoint.sh'],
  cmd: ['traefik'],
  programs: { '/usr/local/bin/traefik': someServer([80], () => [], '404 page not found\n'), '/entrypoint.sh': passOn },
  ports: [80],
};
