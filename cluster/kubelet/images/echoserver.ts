/** Kubernetes' echoserver: the request, told back. */
import { echoserver as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const echoserver: ImageSpec = {
  repositories: [
    'registry.k8s.io/echoserver',
    'k8s.gcr.io/echoserver',
    'gcr.io/google_containers/echoserver',
    'gcr.io/google-containers/echoserver',
    'registry.k8s.io/ingress-nginx/e2e-test-echo',
    'gcr.io/kubernetes-e2e-test-images/echoserver',
  ],
  tags: /^(1\.([0-9]|10)|2\.\d|v\d{8}-[0-9a-f]+)$/,
  size: 40,
  base: 'alpine',
  packages: ['bash', 'curl'],
  cmd: ['/usr/local/bin/run.sh'],
  programs: { '/usr/local/bin/run.sh': program, '/usr/bin/nginx': program },
  ports: [8080],
};
