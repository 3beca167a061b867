/** The parts of cert-manager. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const certManager: ImageSpec = {
  repositories: [
    'quay.io/jetstack/cert-manager-controller',
    'quay.io/jetstack/cert-manager-webhook',
    'quay.io/jetstack/cert-manager-cainjector',
  ],
  tags: ANY_VERSION,
  size: 20,
  base: 'distroless',
  entrypoint: ['/app/cmd/cert-manager'],
  programs: { '/app/cmd/cert-manager': someServer([9402, 10250, 6080]) },
  ports: [9402],
};
