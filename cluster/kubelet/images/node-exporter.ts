/** Prometheus' exporter for nodes. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const nodeExporter: ImageSpec = {
  repositories: ['prom/node-exporter', 'quay.io/prometheus/node-exporter'],
  tags: ANY_VERSION,
  size: 12,
  base: 'busybox',
  entrypoint: ['/bin/node_exporter'],
  programs: {
    '/bin/node_exporter': someServer(
      [9100],
      () => [],
      '# HELP node_load1 1m load average.\n# TYPE node_load1 gauge\nnode_load1 0.08\n',
    ),
  },
  ports: [9100],
};
