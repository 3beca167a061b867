/** busybox: one program with the names of many. */
import type { ImageSpec } from './image.ts';

export const busybox: ImageSpec = {
  repositories: [
    'busybox',
    'registry.k8s.io/busybox',
    'k8s.gcr.io/busybox',
    'gcr.io/google-containers/busybox',
    'registry.k8s.io/e2e-test-images/busybox',
  ],
  tags: /^(latest|stable|musl|glibc|uclibc|unstable|1(\.(2[4-9]|3[0-7])(\.\d+)?)?(-(\d|musl|glibc|uclibc))?)$/,
  size: 2.2,
  base: 'busybox',
  cmd: ['sh'],
};
