/** The nginx of the StatefulSet tutorials. */
import { NGINX_FILES } from '../daemons/nginx/files.ts';
import { nginxProgram } from '../daemons/nginx/nginx.ts';
import type { ImageSpec } from './image.ts';

export const nginxSlim: ImageSpec = {
  repositories: ['registry.k8s.io/nginx-slim', 'k8s.gcr.io/nginx-slim', 'gcr.io/google_containers/nginx-slim'],
  tags: /^0\.([1-9]|1\d|2\d)$/,
  size: 40,
  base: 'debian',
  packages: ['curl'],
  cmd: ['nginx', '-g', 'daemon off;'],
  programs: (tag) => ({ '/usr/sbin/nginx': nginxProgram(Number(tag.slice(2)) >= 20 ? '1.27.1' : '1.13.12') }),
  files: NGINX_FILES,
  accounts: [['nginx', 101, '/nonexistent', '/bin/false']],
  ports: [80],
};
