/** Docker's first image. */
import { helloWorld as program } from '../daemons/hello-world.ts';
import type { ImageSpec } from './image.ts';

export const helloWorld: ImageSpec = {
  repositories: ['hello-world'],
  tags: /^(latest|linux|nanoserver)$/,
  size: 0.01,
  base: 'scratch',
  cmd: ['/hello'],
  programs: { '/hello': program },
};
