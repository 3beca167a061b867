/** Elasticsearch. */
import { someServer } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const elasticsearch: ImageSpec = {
  repositories: [
    'elasticsearch',
    'docker.elastic.co/elasticsearch/elasticsearch',
    'quay.io/fluentd_elasticsearch/elasticsearch',
  ],
  tags: /^v?[5-9](\.\d+){1,2}(-[a-z0-9.-]+)?$/,
  size: 420,
  base: 'redhat',
  packages: ['curl', 'gzip'],
  cmd: ['eswrapper'],
  programs: {
    '/usr/local/bin/eswrapper': someServer(
      [9200, 9300],
      () => [],
      '{\n  "cluster_name" : "docker-cluster",\n  "tagline" : "You Know, for Search"\n}\n',
    ),
  },
  ports: [9200, 9300],
  user: 1000,
  workdir: '/usr/share/elasticsearch',
};
