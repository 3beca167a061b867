/** Caddy. */
import { caddy as program } from '../daemons/caddy.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const caddy: ImageSpec = {
  repositories: ['caddy'],
  tags: ANY_VERSION,
  size: 20,
  base: 'alpine',
  cmd: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
  programs: { '/usr/bin/caddy': program },
  ports: [80, 443],
};
