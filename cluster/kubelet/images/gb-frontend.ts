/** The guestbook's web page. */
import { guestbook, GUESTBOOK_FILES } from '../daemons/guestbook.ts';
import { passOn } from '../daemons/entrypoints.ts';
import { phpProgram } from '../daemons/php.ts';
import type { ImageSpec } from './image.ts';

export const gbFrontend: ImageSpec = {
  repositories: [
    'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend',
    'gcr.io/google_samples/gb-frontend',
    'gcr.io/google-samples/gb-frontend',
  ],
  tags: /^v[1-6]$/,
  size: 163,
  base: 'debian',
  packages: ['curl', 'perl'],
  entrypoint: ['docker-php-entrypoint'],
  cmd: ['apache2-foreground'],
  programs: {
    '/usr/local/bin/apache2-foreground': guestbook,
    '/usr/local/bin/docker-php-entrypoint': passOn,
    '/usr/local/bin/php': phpProgram,
  },
  files: GUESTBOOK_FILES,
  ports: [80],
  workdir: '/var/www/html',
};
