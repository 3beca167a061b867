/** httpbin: requests and answers to order. */
import { httpbin as program } from '../daemons/httpbin.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const httpbin: ImageSpec = {
  repositories: ['kennethreitz/httpbin', 'mccutchen/go-httpbin'],
  tags: ANY_VERSION,
  size: 150,
  base: 'ubuntu',
  packages: ['python', 'curl'],
  cmd: ['gunicorn', '-b', '0.0.0.0:80', 'httpbin:app', '-k', 'gevent'],
  programs: { '/usr/local/bin/gunicorn': program },
  ports: [80],
};
