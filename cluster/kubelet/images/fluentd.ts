/** Fluentd. */
import { fluentd as program } from '../daemons/fluentd.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const fluentd: ImageSpec = {
  repositories: [
    'fluent/fluentd',
    'quay.io/fluentd_elasticsearch/fluentd',
    'gcr.io/google-containers/fluentd-elasticsearch',
    'k8s.gcr.io/fluentd-elasticsearch',
    'gcr.io/google_containers/fluentd-elasticsearch',
    'k8s.gcr.io/fluentd-gcp',
    'registry.k8s.io/fluentd-gcp',
    'fluent/fluentd-kubernetes-daemonset',
  ],
  tags: ANY_VERSION,
  size: 50,
  base: 'debian',
  entrypoint: ['/entrypoint.sh'],
  cmd: ['fluentd'],
  programs: { '/usr/local/bin/fluentd': program, '/entrypoint.sh': program, '/run.sh': program },
  ports: [24224],
};
