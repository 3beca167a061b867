/** kubectl in a container. */
import { kubectl as program } from '../daemons/kubectl/index.ts';
import type { ImageSpec } from './image.ts';

export const kubectl: ImageSpec = {
  repositories: [
    'bitnami/kubectl',
    'bitnamilegacy/kubectl',
    'registry.k8s.io/kubectl',
    'rancher/kubectl',
    'alpine/k8s',
  ],
  tags: /^(latest|v?1\.\d+(\.\d+)?)$/,
  size: 90,
  base: 'debian',
  packages: ['curl', 'jq', 'procps', 'bash'],
  entrypoint: ['kubectl'],
  cmd: ['--help'],
  programs: { '/usr/local/bin/kubectl': program },
  user: 1001,
};
