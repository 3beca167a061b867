/** Redis. */
import { redisCli } from '../daemons/redis/cli.ts';
import { redisEntrypoint, redisServer } from '../daemons/redis/server.ts';
import { folder } from '../files/file-tree.ts';
import { type ImageSpec, versionOf } from './image.ts';

const version = (tag: string): string =>
  versionOf(
    tag,
    {
      '8.2': '8.2.2',
      '8.0': '8.0.4',
      '8': '8.2.2',
      '7.4': '7.4.6',
      '7.2': '7.2.11',
      '7.0': '7.0.15',
      '7': '7.4.6',
      '6.2': '6.2.20',
      '6.0': '6.0.20',
      '6': '6.2.20',
      '5.0': '5.0.14',
      '5': '5.0.14',
      '4': '4.0.14',
      '3.2': '3.2.12',
    },
    '8.2.2',
  );

export const redis: ImageSpec = {
  repositories: [
    'redis',
    'registry.k8s.io/redis',
    'gcr.io/google_containers/redis',
    'k8s.gcr.io/redis',
    'lfccncf/redis',
    'bitnami/redis',
    'bitnamilegacy/redis',
    'valkey/valkey',
  ],
  tags: /^(latest|alpine|bookworm|trixie|alpine3\.\d+|e2e|v1|v?[2-8](\.\d+){0,2}(-[a-z0-9.-]+)?)$/,
  size: (tag) => (tag.includes('alpine') ? 18 : 45),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['redis-server'],
  programs: (tag) => ({
    '/usr/local/bin/redis-server': redisServer(version(tag)),
    '/usr/local/bin/redis-sentinel': redisServer(version(tag)),
    '/usr/local/bin/redis-cli': redisCli,
    '/usr/local/bin/docker-entrypoint.sh': redisEntrypoint,
  }),
  files: { data: folder([], { uid: 999, gid: 999 }) },
  accounts: [['redis', 999, '/home/redis', '/bin/sh']],
  ports: [6379],
  workdir: '/data',
  env: (tag) => ({ REDIS_VERSION: version(tag) }),
};
