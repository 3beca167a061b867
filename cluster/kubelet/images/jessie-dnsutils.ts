/** For looking at DNS: what the documentation debugs it with. */
import type { ImageSpec } from './image.ts';

export const jessieDnsutils: ImageSpec = {
  repositories: [
    'registry.k8s.io/e2e-test-images/jessie-dnsutils',
    'gcr.io/kubernetes-e2e-test-images/dnsutils',
    'gcr.io/kubernetes-e2e-test-images/jessie-dnsutils',
    'tutum/dnsutils',
    'infoblox/dnstools',
    'registry.k8s.io/e2e-test-images/dnsutils',
  ],
  tags: /^(latest|1\.[0-9]|v?\d+(\.\d+)*)$/,
  size: 110,
  base: 'debian',
  packages: ['dns', 'perl', 'procps', 'bash', 'ping'],
  cmd: ['/bin/bash'],
};
