/** The metrics server. */
import { metricsServer as program } from '../daemons/components.ts';
import type { ImageSpec } from './image.ts';

export const metricsServer: ImageSpec = {
  repositories: ['registry.k8s.io/metrics-server/metrics-server', 'k8s.gcr.io/metrics-server/metrics-server'],
  tags: /^v0\.[3-9]\.\d+$/,
  size: 19,
  base: 'distroless',
  entrypoint: ['/metrics-server'],
  programs: { '/metrics-server': program },
  ports: [10250],
  user: 1000,
};
