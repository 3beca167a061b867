/** Java. */
import { notHere } from '../commands/not-here.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const openjdk: ImageSpec = {
  repositories: ['openjdk', 'eclipse-temurin', 'amazoncorretto'],
  tags: ANY_VERSION,
  size: 230,
  base: 'debian',
  cmd: ['jshell'],
  programs: { '/usr/local/openjdk/bin/java': notHere, '/usr/local/openjdk/bin/jshell': notHere },
};
