/** The ingress controller of nginx. */
import { ingressNginxController } from '../daemons/ingress-nginx.ts';
import { tini } from '../daemons/entrypoints.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const ingressNginx: ImageSpec = {
  repositories: [
    'registry.k8s.io/ingress-nginx/controller',
    'k8s.gcr.io/ingress-nginx/controller',
    'nginx/nginx-ingress',
  ],
  tags: ANY_VERSION,
  size: 100,
  base: 'alpine',
  entrypoint: ['/usr/bin/dumb-init', '--'],
  cmd: ['/nginx-ingress-controller'],
  programs: {
    '/nginx-ingress-controller': ingressNginxController,
    '/usr/bin/dumb-init': tini,
  },
  ports: [80, 443, 10254],
};
