/** The web page of the tutorial 'Connect a Front End to a Back End': nginx before the backend `hello`. */
import { NGINX_FILES } from '../daemons/nginx/files.ts';
import { nginxProgram } from '../daemons/nginx/nginx.ts';
import { file } from '../files/file-tree.ts';
import type { ImageSpec } from './image.ts';

export const helloFrontend: ImageSpec = {
  repositories: ['gcr.io/google-samples/hello-frontend'],
  tags: /^1\.0$/,
  size: 40,
  base: 'debian',
  cmd: ['nginx', '-g', 'daemon off;'],
  programs: { '/usr/sbin/nginx': nginxProgram('1.14.2') },
  files: {
    ...NGINX_FILES,
    'etc/nginx/conf.d/default.conf': file(
      'upstream Backend {\n    server hello;\n}\n\nserver {\n    listen 80;\n\n    location / {\n        proxy_pass http://Backend;\n    }\n}\n',
    ),
  },
  accounts: [['nginx', 101, '/nonexistent', '/bin/false']],
  ports: [80],
};
