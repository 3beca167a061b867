/** Metrics of the objects in the API. */
import { someServer } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const kubeStateMetrics: ImageSpec = {
  repositories: ['registry.k8s.io/kube-state-metrics/kube-state-metrics'],
  tags: /^v2\.\d+\.\d+$/,
  size: 13,
  base: 'distroless',
  entrypoint: ['/kube-state-metrics'],
  programs: { '/kube-state-metrics': someServer([8080, 8081]) },
  ports: [8080, 8081],
};
