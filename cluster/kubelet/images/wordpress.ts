/** WordPress, with Apache. */
import { phpProgram } from '../daemons/php.ts';
import { wordpressEntrypoint, wordpressServer } from '../daemons/wordpress.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const wordpress: ImageSpec = {
  repositories: ['wordpress', 'bitnami/wordpress'],
  tags: ANY_VERSION,
  size: 250,
  base: 'debian',
  packages: ['curl', 'perl'],
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['apache2-foreground'],
  programs: {
    '/usr/local/bin/apache2-foreground': wordpressServer,
    '/usr/local/bin/php': phpProgram,
    '/usr/local/bin/docker-entrypoint.sh': wordpressEntrypoint,
  },
  ports: [80],
  workdir: '/var/www/html',
};
