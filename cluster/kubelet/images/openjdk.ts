/** Java. */
import { notHere } from '../commands/not-here.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const openjdk: ImageSpec = {
  repositories: ['openjdk', 'eclipse-temurin', 'amazoncorretto'],
  tags: ANY_VERSION,
  size: 230,
  env: {
    PATH: '/usr/local/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    JAVA_HOME: '/usr/local/openjdk',
  },
  base: 'debian',
  cmd: ['jshell'],
  programs: { '/usr/local/openjdk/bin/java': notHere, '/usr/local/openjdk/bin/jshell': notHere },
};
