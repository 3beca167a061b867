/** Rocky Linux, AlmaLinux and Oracle Linux. */
import type { ImageSpec } from './image.ts';

export const rockylinux: ImageSpec = {
  repositories: [
    'rockylinux',
    'rockylinux/rockylinux',
    'almalinux',
    'oraclelinux',
    'registry.access.redhat.com/ubi9/ubi',
    'registry.access.redhat.com/ubi8/ubi',
    'amazonlinux',
  ],
  tags: /^(latest|[289]|10|[89]\.\d+|9-slim|8-slim|2023|8-minimal|9-minimal|[89]-\d+[\d.]*)$/,
  size: 70,
  base: 'redhat',
  packages: ['tar', 'hostname'],
  cmd: ['/bin/bash'],
};
