/** Jenkins. */
import { someServer } from '../daemons/small-web.ts';
import { tini } from '../daemons/entrypoints.ts';
import type { ImageSpec } from './image.ts';

export const jenkins: ImageSpec = {
  repositories: ['jenkins/jenkins'],
  tags: /^(latest|lts|alpine|lts-.*|2\.\d+(\.\d+)?(-[a-z0-9-]+)?)$/,
  size: 250,
  base: 'debian',
  entrypoint: ['/usr/bin/tini', '--', '/usr/local/bin/jenkins.sh'],
  programs: {
    '/usr/bin/tini': tini,
    '/usr/local/bin/jenkins.sh': someServer([8080, 50000], () => [
      'Running from: /usr/share/jenkins/jenkins.war',
      'Jenkins is fully up and running',
    ]),
  },
  ports: [8080, 50000],
};
