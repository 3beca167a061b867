/** Cassandra, as the tutorial on StatefulSets has it, and its own image. */
import { cassandra as program, nodetool, readyProbe } from '../daemons/cassandra.ts';
import { notHere } from '../commands/not-here.ts';
import type { ImageSpec } from './image.ts';

export const cassandra: ImageSpec = {
  repositories: ['cassandra', 'gcr.io/google-samples/cassandra'],
  tags: /^(latest|v1[0-5]|[2-5](\.\d+){0,2})$/,
  size: 150,
  base: 'debian',
  packages: ['procps', 'perl', 'python'],
  cmd: ['/run.sh'],
  programs: {
    '/run.sh': program,
    '/usr/local/apache-cassandra/bin/nodetool': nodetool,
    '/usr/local/apache-cassandra/bin/cqlsh': notHere,
    '/ready-probe.sh': readyProbe,
  },
  accounts: [['cassandra', 999, '/home/cassandra', '/bin/sh']],
  ports: [7000, 7001, 7199, 9042],
  env: { PATH: '/usr/local/apache-cassandra/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
};
