/** Prometheus. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const prometheus: ImageSpec = {
  repositories: ['prom/prometheus', 'quay.io/prometheus/prometheus'],
  tags: ANY_VERSION,
  size: 120,
  base: 'busybox',
  entrypoint: ['/bin/prometheus'],
  programs: { '/bin/prometheus': someServer([9090], () => [], 'Prometheus Server is Healthy.\n') },
  ports: [9090],
};
