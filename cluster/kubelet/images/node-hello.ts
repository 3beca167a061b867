/** Google's hello in Node.js. */
import { nodeHello as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const nodeHello: ImageSpec = {
  repositories: ['gcr.io/google-samples/node-hello', 'us-docker.pkg.dev/google-samples/containers/gke/node-hello'],
  tags: /^1\.0$/,
  size: 220,
  base: 'debian',
  packages: ['curl', 'wget', 'procps', 'ping', 'perl'],
  cmd: ['/bin/sh', '-c', 'node server.js'],
  programs: { '/usr/local/bin/node': program },
  ports: [8080],
};
