/** CentOS. */
import type { ImageSpec } from './image.ts';

export const centos: ImageSpec = {
  repositories: ['centos', 'quay.io/centos/centos'],
  tags: /^(latest|[5-8](\.[\d.]+)?|centos[5-8][\d.]*|stream(8|9|10)?|stream9-minimal)$/,
  size: 83,
  base: 'redhat',
  packages: ['bash', 'procps', 'hostname', 'tar', 'python', 'ping'],
  cmd: ['/bin/bash'],
};
