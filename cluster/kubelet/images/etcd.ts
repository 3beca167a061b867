/** etcd. */
import { COPYING } from '../commands/copying.ts';
import { shellProgram } from '../commands/shells.ts';
import { etcdServer } from '../control-plane/etcd-server.ts';
import { etcdctl } from '../control-plane/etcdctl.ts';
import { etcdutl } from '../control-plane/etcdutl.ts';
import { type ImageSpec, versionOf } from './image.ts';

export const etcd: ImageSpec = {
  repositories: ['registry.k8s.io/etcd', 'quay.io/coreos/etcd', 'k8s.gcr.io/etcd', 'bitnami/etcd'],
  tags: /^(latest|v?3\.[0-9]\.\d{1,2}(-\d+)?)$/,
  size: 60,
  base: 'distroless',
  cmd: ['etcd'],
  programs: (tag) => ({
    '/usr/local/bin/etcd': etcdServer(versionOf(tag, {}, '3.6.6')),
    '/usr/local/bin/etcdctl': etcdctl,
    '/usr/local/bin/etcdutl': etcdutl,
    // for the script that moves data of older versions: a static bash, and cp
    '/bin/sh': shellProgram('bash'),
    ...(COPYING['cp'] ? { '/bin/cp': COPYING['cp'] } : {}),
  }),
  ports: [2379, 2380],
};
