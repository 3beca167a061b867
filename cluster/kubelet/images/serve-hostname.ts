/** Tells its own name. */
import { agnhost } from '../daemons/agnhost.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const serveHostname: ImageSpec = {
  repositories: [
    'registry.k8s.io/serve_hostname',
    'k8s.gcr.io/serve_hostname',
    'gcr.io/google_containers/serve_hostname',
    'registry.k8s.io/e2e-test-images/serve-hostname',
  ],
  tags: ANY_VERSION,
  size: 5,
  base: 'scratch',
  cmd: ['/serve_hostname'],
  programs: {
    '/serve_hostname': (context) =>
      agnhost({ ...context, argv: ['serve_hostname', 'serve-hostname', ...context.argv.slice(1)] }),
  },
  ports: [9376],
};
