/** Tomcat. */
import { notHere } from '../commands/not-here.ts';
import { tomcat as program } from '../daemons/tomcat.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const tomcat: ImageSpec = {
  repositories: ['tomcat'],
  tags: ANY_VERSION,
  size: 180,
  env: {
    PATH: '/usr/local/tomcat/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    CATALINA_HOME: '/usr/local/tomcat',
  },
  workdir: '/usr/local/tomcat',
  base: 'ubuntu',
  cmd: ['catalina.sh', 'run'],
  programs: { '/usr/local/tomcat/bin/catalina.sh': program, '/opt/java/openjdk/bin/java': notHere },
  ports: [8080],
};
