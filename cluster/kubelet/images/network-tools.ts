/** Tools for looking at networks. */
import type { ImageSpec } from './image.ts';

export const networkTools: ImageSpec = {
  repositories: [
    'nicolaka/netshoot',
    'wbitt/network-multitool',
    'praqma/network-multitool',
    'amouat/network-utils',
    'giantswarm/tiny-tools',
    'radial/busyboxplus',
    'arunvelsriram/utils',
    'jonlabelle/network-tools',
    'dwdraju/alpine-curl-jq',
    'badouralix/curl-jq',
  ],
  tags: /^(latest|curl|minimal|extra|alpine.*|v?\d+(\.\d+)*(-[a-z0-9.]+)?)$/,
  size: 190,
  base: 'alpine',
  packages: [
    'bash',
    'curl',
    'dns',
    'iproute',
    'net-tools',
    'jq',
    'vim',
    'tcpdump',
    'openssl',
    'git',
    'python',
    'telnet',
  ],
  cmd: ['/bin/bash'],
};
