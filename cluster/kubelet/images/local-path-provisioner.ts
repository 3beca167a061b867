/** The provisioner of local volumes. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const localPathProvisioner: ImageSpec = {
  repositories: ['rancher/local-path-provisioner'],
  tags: ANY_VERSION,
  size: 20,
  base: 'alpine',
  entrypoint: ['local-path-provisioner'],
  programs: { '/usr/bin/local-path-provisioner': someServer([]) },
  ports: [],
};
