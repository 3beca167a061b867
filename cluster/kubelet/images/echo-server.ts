/** Small servers that tell a request back. */
import { requestEcho } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const echoServer: ImageSpec = {
  repositories: [
    'kicbase/echo-server',
    'docker.io/kicbase/echo-server',
    'jmalloc/echo-server',
    'ealen/echo-server',
    'inanimate/echo-server',
    'mendhak/http-https-echo',
    'hashicorp/demo-webapp-lb-guide',
  ],
  tags: ANY_VERSION,
  size: 5,
  base: 'scratch',
  cmd: ['/bin/echo-server'],
  programs: { '/bin/echo-server': requestEcho },
  ports: [8080],
  env: { PORT: '8080' },
};
