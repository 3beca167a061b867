/** nginx. */
import { NGINX_FILES } from '../daemons/nginx/files.ts';
import { dockerEntrypoint, nginxProgram } from '../daemons/nginx/nginx.ts';
import { type ImageSpec, versionOf } from './image.ts';

/** The newest patch of each minor version. */
const NEWEST = {
  '1.29': '1.29.3',
  '1.28': '1.28.0',
  '1.27': '1.27.5',
  '1.26': '1.26.3',
  '1.25': '1.25.5',
  '1.24': '1.24.0',
  '1.23': '1.23.4',
  '1.22': '1.22.1',
  '1.21': '1.21.6',
  '1.20': '1.20.2',
  '1.19': '1.19.10',
  '1.18': '1.18.0',
  '1.17': '1.17.10',
  '1.16': '1.16.1',
  '1.15': '1.15.12',
  '1.14': '1.14.2',
  '1': '1.29.3',
};
const version = (tag: string): string => (tag.startsWith('stable') ? '1.28.0' : versionOf(tag, NEWEST, '1.29.3'));
const isAlpine = (tag: string): boolean => tag.includes('alpine');

export const nginx: ImageSpec = {
  repositories: ['nginx', 'public.ecr.aws/nginx/nginx', 'quay.io/nginx/nginx'],
  tags: /^(latest|stable|mainline|alpine|alpine-slim|perl|bookworm|trixie|(stable|mainline)-[a-z-]+|1(\.([5-9]|1\d|2\d)(\.\d{1,2})?)?(-(alpine|perl|otel|bookworm|bullseye|trixie|slim)[a-z0-9.-]*)?)$/,
  size: (tag) => (isAlpine(tag) ? 22 : 72),
  base: (tag) => (isAlpine(tag) ? 'alpine' : 'debian'),
  packages: ['curl'],
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  programs: (tag) => {
    const program = nginxProgram(version(tag), isAlpine(tag) ? 'gcc 14.2.0 (Alpine 14.2.0)' : undefined);
    return {
      '/usr/sbin/nginx': program,
      '/usr/sbin/nginx-debug': program,
      '/docker-entrypoint.sh': dockerEntrypoint,
    };
  },
  files: NGINX_FILES,
  accounts: [['nginx', 101, '/nonexistent', '/bin/false']],
  ports: [80],
  env: (tag) => ({
    NGINX_VERSION: version(tag),
    NJS_VERSION: '0.9.4',
    NJS_RELEASE: '1~trixie',
    PKG_RELEASE: '1~trixie',
    DYNPKG_RELEASE: '1~trixie',
  }),
};
