/** The guestbook's Redis that follows its leader. */
import { redisCli } from '../daemons/redis/cli.ts';
import { redisEntrypoint, redisServer } from '../daemons/redis/server.ts';
import { file, folder } from '../files/file-tree.ts';
import type { ImageSpec } from './image.ts';

export const gbRedisFollower: ImageSpec = {
  repositories: [
    'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower',
    'gcr.io/google_samples/gb-redis-follower',
    'gcr.io/google-samples/gb-redis-follower',
    'gcr.io/google_samples/gb-redisslave',
  ],
  tags: /^v[1-3]$/,
  size: 40,
  base: 'debian',
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['/bin/sh', '-c', '/run.sh'],
  programs: {
    '/usr/local/bin/redis-server': redisServer('6.0.5'),
    '/usr/local/bin/redis-cli': redisCli,
    '/usr/local/bin/docker-entrypoint.sh': redisEntrypoint,
  },
  files: {
    'run.sh': file(
      '#!/bin/bash\n\nif [[ ${GET_HOSTS_FROM:-dns} == "env" ]]; then\n  redis-server --replicaof ${REDIS_LEADER_SERVICE_HOST} 6379\nelse\n  redis-server --replicaof redis-leader 6379\nfi\n',
      { mode: 0o755 },
    ),
    data: folder([], { uid: 999, gid: 999 }),
  },
  accounts: [['redis', 999, '/home/redis', '/bin/sh']],
  ports: [6379],
  workdir: '/data',
  env: { REDIS_VERSION: '6.0.5' },
};
