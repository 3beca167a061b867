/** Tomcat. */
import { notHere } from '../commands/not-here.ts';
import { tomcat as program } from '../daemons/tomcat.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const tomcat: ImageSpec = {
  repositories: ['tomcat'],
  tags: ANY_VERSION,
  size: 180,
  base: 'ubuntu',
  cmd: ['catalina.sh', 'run'],
  programs: { '/usr/local/tomcat/bin/catalina.sh': program, '/opt/java/openjdk/bin/java': notHere },
  ports: [8080],
};
