/** ZooKeeper as the tutorial's image has it: an ensemble by the names of a StatefulSet, zkCli.sh, the four-letter words. */
import { file, folder, type Node } from '../../files/file-tree.ts';
import type { Program } from '../../shell/box.ts';
import { zkCli } from './cli.ts';
import { server, zkServer, zookeeperReady } from './server.ts';
import { startZookeeper } from './start.ts';

export const ZOOKEEPER_PROGRAMS: Readonly<Record<string, Program>> = {
  '/opt/zookeeper/bin/start-zookeeper': startZookeeper,
  '/opt/zookeeper/bin/zookeeper-ready': zookeeperReady,
  '/opt/zookeeper/bin/zkCli.sh': zkCli,
  '/opt/zookeeper/bin/zkServer.sh': zkServer,
  '/usr/lib/jvm/java-8-openjdk-amd64/bin/java': server,
};
export const ZOOKEEPER_FILES: Readonly<Record<string, Node>> = {
  'opt/zookeeper/conf': folder([], { uid: 1000, gid: 1000, mode: 0o775 }),
  'opt/zookeeper/bin': folder([], { uid: 1000, gid: 1000, mode: 0o775 }),
  'var/lib/zookeeper': folder([], { uid: 1000, gid: 1000 }),
  'var/log/zookeeper': folder([], { uid: 1000, gid: 1000 }),
  'home/zookeeper': folder([], { uid: 1000, gid: 1000 }),
  'usr/share/zookeeper/README': file('Apache ZooKeeper 3.4.10\n'),
};
