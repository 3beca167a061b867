/** MongoDB. */
import { mongod, mongoEntrypoint } from '../daemons/mongo.ts';
import { notHere } from '../commands/not-here.ts';
import { folder } from '../files/file-tree.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const mongo: ImageSpec = {
  repositories: ['mongo', 'bitnami/mongodb'],
  tags: ANY_VERSION,
  size: 280,
  base: 'ubuntu',
  packages: ['perl'],
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mongod'],
  programs: {
    '/usr/bin/mongod': mongod,
    '/usr/bin/mongosh': notHere,
    '/usr/bin/mongo': notHere,
    '/usr/local/bin/docker-entrypoint.sh': mongoEntrypoint,
  },
  files: { 'data/db': folder([], { uid: 999, gid: 999 }), 'data/configdb': folder([], { uid: 999, gid: 999 }) },
  accounts: [['mongodb', 999, '/data/db', '/usr/sbin/nologin']],
  ports: [27017],
};
