/** ZooKeeper, as the tutorial on StatefulSets has it. */
import { ZOOKEEPER_FILES, ZOOKEEPER_PROGRAMS } from '../daemons/zookeeper/zookeeper.ts';
import type { ImageSpec } from './image.ts';

export const zookeeper: ImageSpec = {
  repositories: [
    'registry.k8s.io/kubernetes-zookeeper',
    'k8s.gcr.io/kubernetes-zookeeper',
    'gcr.io/google_containers/kubernetes-zookeeper',
    'gcr.io/google-containers/kubernetes-zookeeper',
  ],
  tags: /^1\.0-3\.4\.10$/,
  size: 130,
  base: 'ubuntu',
  packages: ['netcat'],
  programs: ZOOKEEPER_PROGRAMS,
  files: ZOOKEEPER_FILES,
  accounts: [['zookeeper', 1000, '/home/zookeeper', '']],
  env: {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/zookeeper/bin',
    ZK_USER: 'zookeeper',
    ZK_DATA_DIR: '/var/lib/zookeeper/data',
    ZK_DATA_LOG_DIR: '/var/lib/zookeeper/log',
    ZK_LOG_DIR: '/var/log/zookeeper',
    JAVA_HOME: '/usr/lib/jvm/java-8-openjdk-amd64',
  },
};
