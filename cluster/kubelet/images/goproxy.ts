/** Listens on 8080: for probes that open a connection. */
import { someServer } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const goproxy: ImageSpec = {
  repositories: ['registry.k8s.io/goproxy', 'k8s.gcr.io/goproxy'],
  tags: /^0\.1$/,
  size: 2,
  base: 'scratch',
  entrypoint: ['/goproxy'],
  programs: {
    '/goproxy': someServer([8080], () => [], 'This is a proxy server. Does not respond to non-proxy requests.\n'),
  },
  ports: [8080],
};
