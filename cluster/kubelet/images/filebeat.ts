/** Filebeat and other shippers of logs. */
import { someServer } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const filebeat: ImageSpec = {
  repositories: ['docker.elastic.co/beats/filebeat', 'elastic/filebeat', 'timberio/vector', 'grafana/promtail'],
  tags: /^(latest|latest-alpine|\d+(\.\d+)*(-[a-z]+)?)$/,
  size: 120,
  base: 'redhat',
  cmd: ['/usr/local/bin/docker-entrypoint', '-environment', 'container'],
  programs: { '/usr/local/bin/docker-entrypoint': someServer([]) },
  ports: [],
};
