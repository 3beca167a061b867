/** A page whose colour is set by a variable. */
import { webappColor as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const webappColor: ImageSpec = {
  repositories: [
    'kodekloud/webapp-color',
    'mmumshad/simple-webapp-color',
    'kodekloud/simple-webapp',
    'mmumshad/simple-webapp',
  ],
  tags: /^(latest|v[1-3])$/,
  size: 30,
  base: 'alpine',
  packages: ['python'],
  entrypoint: ['python', 'app.py'],
  programs: (tag) => ({ '/usr/local/bin/python': program(tag) }),
  ports: [8080],
  workdir: '/opt',
};
