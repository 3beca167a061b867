/** Flannel. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const flannel: ImageSpec = {
  repositories: [
    'flannel/flannel',
    'flannel/flannel-cni-plugin',
    'ghcr.io/flannel-io/flannel',
    'ghcr.io/flannel-io/flannel-cni-plugin',
    'quay.io/coreos/flannel',
  ],
  tags: ANY_VERSION,
  size: 30,
  base: 'alpine',
  entrypoint: ['/opt/bin/flanneld'],
  programs: { '/opt/bin/flanneld': someServer([]) },
  ports: [],
};
