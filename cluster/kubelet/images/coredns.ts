/** CoreDNS. */
import { coredns as program } from '../daemons/coredns.ts';
import type { ImageSpec } from './image.ts';

export const coredns: ImageSpec = {
  repositories: ['registry.k8s.io/coredns/coredns', 'coredns/coredns'],
  tags: /^(latest|v?1\.\d+\.\d+)$/,
  size: 22,
  base: 'distroless',
  entrypoint: ['/coredns'],
  programs: { '/coredns': program },
  ports: [53, 9153],
};
