/** Holds a pod together, and does nothing. */
import { pause as program } from '../daemons/components.ts';
import type { ImageSpec } from './image.ts';

export const pause: ImageSpec = {
  repositories: [
    'registry.k8s.io/pause',
    'k8s.gcr.io/pause',
    'gcr.io/google_containers/pause',
    'gcr.io/google-containers/pause',
  ],
  tags: /^(latest|[123](\.\d+){0,2}|3\.10\.1)$/,
  size: 0.3,
  base: 'scratch',
  entrypoint: ['/pause'],
  programs: { '/pause': program },
  user: 65535,
};
