/** The parts of Calico. */
import { someServer } from '../daemons/small-web.ts';
import { succeed } from '../daemons/entrypoints.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const calico: ImageSpec = {
  repositories: [
    'calico/node',
    'calico/cni',
    'calico/kube-controllers',
    'calico/typha',
    'quay.io/calico/node',
    'quay.io/calico/cni',
    'quay.io/calico/kube-controllers',
    'quay.io/calico/typha',
    'quay.io/tigera/operator',
    'quay.io/calico/apiserver',
    'quay.io/calico/csi',
    'quay.io/calico/pod2daemon-flexvol',
    'docker.io/calico/node',
  ],
  tags: ANY_VERSION,
  size: 150,
  base: 'redhat',
  cmd: ['start_runit'],
  programs: {
    '/usr/sbin/start_runit': someServer([9091, 9098, 9099]),
    '/opt/cni/bin/install': succeed,
    '/bin/calico-node': succeed,
    '/usr/bin/kube-controllers': someServer([9094]),
    '/usr/bin/check-status': succeed,
  },
  ports: [],
};
