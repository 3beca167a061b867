/** curl alone. */
import { curlEntrypoint } from '../daemons/entrypoints.ts';
import type { ImageSpec } from './image.ts';

export const curl: ImageSpec = {
  repositories: ['curlimages/curl', 'quay.io/curl/curl', 'appropriate/curl'],
  tags: /^(latest|\d+\.\d+\.\d+)$/,
  size: 9,
  base: 'alpine',
  packages: ['curl'],
  entrypoint: ['/entrypoint.sh'],
  cmd: ['curl'],
  programs: { '/entrypoint.sh': curlEntrypoint },
  accounts: [['curl_user', 100, '/home/curl_user', '/sbin/nologin']],
  user: 100,
  workdir: '/home/curl_user',
};
