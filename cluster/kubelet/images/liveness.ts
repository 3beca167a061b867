/** Healthy for ten seconds, and not after that. */
import { agnhost } from '../daemons/agnhost.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const liveness: ImageSpec = {
  repositories: ['registry.k8s.io/liveness', 'k8s.gcr.io/liveness', 'gcr.io/google_containers/liveness'],
  tags: ANY_VERSION,
  size: 2,
  base: 'scratch',
  entrypoint: ['/server'],
  programs: { '/server': (context) => agnhost({ ...context, argv: ['server', 'liveness', ...context.argv.slice(1)] }) },
  ports: [8080],
};
