/** The dashboard. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const kubernetesDashboard: ImageSpec = {
  repositories: ['kubernetesui/dashboard', 'kubernetesui/metrics-scraper'],
  tags: ANY_VERSION,
  size: 75,
  base: 'scratch',
  entrypoint: ['/dashboard'],
  programs: { '/dashboard': someServer([8443, 9090]) },
  ports: [8443, 9090],
};
