/** Apache's web server. */
import { HTTPD_FILES, httpdForeground } from '../daemons/httpd-files.ts';
import { httpdProgram } from '../daemons/httpd.ts';
import { type ImageSpec, versionOf } from './image.ts';

const version = (tag: string): string => versionOf(tag, { '2.4': '2.4.65', '2': '2.4.65' }, '2.4.65');

export const httpd: ImageSpec = {
  repositories: ['httpd', 'public.ecr.aws/docker/library/httpd'],
  tags: /^(latest|alpine|bookworm|trixie|2(\.[24](\.\d{1,2})?)?(-(alpine|bookworm|bullseye|trixie)[a-z0-9.]*)?|alpine3\.\d+)$/,
  size: (tag) => (tag.includes('alpine') ? 21 : 58),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  cmd: ['httpd-foreground'],
  programs: (tag) => ({
    '/usr/local/apache2/bin/httpd': httpdProgram(version(tag)),
    '/usr/local/apache2/bin/apachectl': httpdProgram(version(tag)),
    '/usr/local/bin/httpd-foreground': httpdForeground,
  }),
  files: HTTPD_FILES,
  accounts: [],
  ports: [80],
  workdir: '/usr/local/apache2',
  env: (tag) => ({
    PATH: '/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HTTPD_PREFIX: '/usr/local/apache2',
    HTTPD_VERSION: version(tag),
  }),
};
