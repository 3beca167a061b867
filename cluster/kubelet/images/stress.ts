/** Uses as much of a machine as it is told to. */
import { stress as program } from '../daemons/stress.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const stress: ImageSpec = {
  repositories: ['polinux/stress', 'progrium/stress', 'vish/stress', 'alexeiled/stress-ng', 'polinux/stress-ng'],
  tags: ANY_VERSION,
  size: 4,
  base: 'alpine',
  entrypoint: [],
  cmd: ['stress'],
  programs: { '/usr/local/bin/stress': program, '/usr/local/bin/stress-ng': program, '/stress': program },
};
