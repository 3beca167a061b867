/** Grafana. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const grafana: ImageSpec = {
  repositories: ['grafana/grafana', 'grafana/grafana-oss'],
  tags: ANY_VERSION,
  size: 190,
  base: 'alpine',
  entrypoint: ['/run.sh'],
  programs: { '/run.sh': someServer([3000], () => ['logger=settings level=info msg="Starting Grafana"']) },
  ports: [3000],
};
