/** A registry of images. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const registry: ImageSpec = {
  repositories: ['registry', 'registry.k8s.io/registry'],
  tags: ANY_VERSION,
  size: 10,
  base: 'alpine',
  entrypoint: ['/entrypoint.sh'],
  cmd: ['/etc/docker/registry/config.yml'],
  programs: {
    '/bin/registry': someServer([5000], () => [], '{}\n'),
    '/entrypoint.sh': someServer([5000], () => [], '{}\n'),
  },
  ports: [5000],
};
