/** podinfo: a small web service with everything one expects of it. */
import { podinfo as program } from '../daemons/small-web.ts';
import { type ImageSpec, versionOf } from './image.ts';

export const podinfo: ImageSpec = {
  repositories: ['stefanprodan/podinfo', 'ghcr.io/stefanprodan/podinfo', 'quay.io/stefanprodan/podinfo'],
  tags: /^(latest|[1-6](\.\d+){0,2})$/,
  size: 20,
  base: 'alpine',
  packages: ['curl'],
  cmd: ['./podinfo'],
  programs: (tag) => ({
    '/home/app/podinfo': program(versionOf(tag, {}, '6.9.2')),
    '/usr/local/bin/podcli': program(versionOf(tag, {}, '6.9.2')),
  }),
  accounts: [['app', 100, '/home/app', '/sbin/nologin']],
  ports: [9898],
  user: 100,
  workdir: '/home/app',
};
