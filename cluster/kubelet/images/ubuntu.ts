/** Ubuntu. */
import type { ImageSpec } from './image.ts';

export const ubuntu: ImageSpec = {
  repositories: ['ubuntu'],
  tags: /^(latest|rolling|devel|noble|jammy|focal|bionic|(14|16|18|20|22|24|25)\.(04|10))$/,
  size: 29,
  base: 'ubuntu',
  cmd: ['/bin/bash'],
};
