/** Cilium. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const cilium: ImageSpec = {
  repositories: ['quay.io/cilium/cilium', 'quay.io/cilium/operator-generic'],
  tags: ANY_VERSION,
  size: 220,
  base: 'ubuntu',
  cmd: ['cilium-agent'],
  programs: { '/usr/bin/cilium-agent': someServer([9879]), '/usr/bin/cilium-operator-generic': someServer([9234]) },
  ports: [],
};
