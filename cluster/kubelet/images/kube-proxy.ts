/** kube-proxy. */
import { kubeProxy as program } from '../daemons/kube-proxy.ts';
import type { ImageSpec } from './image.ts';

export const kubeProxy: ImageSpec = {
  repositories: ['registry.k8s.io/kube-proxy'],
  tags: /^v1\.3[0-6]\.([0-9]|1\d)$/,
  size: 30,
  base: 'debian',
  cmd: ['kube-proxy'],
  programs: { '/usr/local/bin/kube-proxy': program },
  ports: [10256],
};
