/** Fedora. */
import type { ImageSpec } from './image.ts';

export const fedora: ImageSpec = {
  repositories: ['fedora', 'registry.fedoraproject.org/fedora'],
  tags: /^(latest|rawhide|3\d|4[0-4])$/,
  size: 60,
  base: 'redhat',
  packages: ['tar', 'vim'],
  cmd: ['/bin/bash'],
};
