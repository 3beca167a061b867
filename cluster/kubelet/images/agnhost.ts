/** The image of Kubernetes' own tests: many servers in one program. */
import { agnhost as program } from '../daemons/agnhost.ts';
import type { ImageSpec } from './image.ts';

export const agnhost: ImageSpec = {
  repositories: [
    'registry.k8s.io/e2e-test-images/agnhost',
    'k8s.gcr.io/e2e-test-images/agnhost',
    'us.gcr.io/k8s-artifacts-prod/e2e-test-images/agnhost',
  ],
  tags: /^2\.([1-5]?\d)(\.\d+)?$/,
  size: 50,
  base: 'alpine',
  packages: ['bash', 'curl', 'dns', 'iproute'],
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  programs: { '/agnhost': program },
  ports: [8080],
};
