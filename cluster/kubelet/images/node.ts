/** Node.js. */
import { nodeEntrypoint, nodeProgram } from '../daemons/node.ts';
import { notHere } from '../commands/not-here.ts';
import { type ImageSpec, versionOf } from './image.ts';

const version = (tag: string): string =>
  versionOf(
    tag,
    {
      '25': '25.1.0',
      '24': '24.11.0',
      '22': '22.21.1',
      '20': '20.19.5',
      '18': '18.20.8',
      '16': '16.20.2',
      '14': '14.21.3',
    },
    '25.1.0',
  );

export const node: ImageSpec = {
  repositories: ['node'],
  tags: /^(latest|lts|current|alpine|slim|lts-[a-z]+|iron|jod|krypton|hydrogen|(8|10|12|14|16|18|2\d)(\.\d+){0,2}(-[a-z0-9.-]+)?)$/,
  size: (tag) => (tag.includes('alpine') ? 55 : 390),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['node'],
  programs: (tag) => ({
    '/usr/local/bin/node': nodeProgram(version(tag)),
    '/usr/local/bin/npm': notHere,
    '/usr/local/bin/npx': notHere,
    '/usr/local/bin/yarn': notHere,
    '/usr/local/bin/docker-entrypoint.sh': nodeEntrypoint,
  }),
  accounts: [['node', 1000, '/home/node', '/bin/bash']],
  env: (tag) => ({ NODE_VERSION: version(tag) }),
};
