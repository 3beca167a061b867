/** Services of the sample shop. */
import { someServer } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const microservices: ImageSpec = {
  repositories: [
    'gcr.io/google-samples/microservices-demo/frontend',
    'weaveworksdemos/front-end',
    'kodekloud/examplevotingapp_vote',
    'dockersamples/examplevotingapp_vote',
    'paulbouwer/hello-kubernetes',
    'crccheck/hello-world',
    'karthequian/helloworld',
    'tutum/hello-world',
    'dockercloud/hello-world',
    'strm/helloworld-http',
    'rancher/hello-world',
    'yeasy/simple-web',
    'nigelpoulton/k8sbook',
    'monachus/rancher-demo',
    'jpetazzo/color',
    'gcr.io/google-samples/xtrabackup',
    'k8s.gcr.io/xtrabackup',
  ],
  tags: /^(latest|v?\d+(\.\d+){0,2}|before|after|edge)$/,
  size: 40,
  base: 'alpine',
  cmd: ['/server'],
  programs: { '/server': someServer([80, 8080, 8000], () => [], 'Hello World\n') },
  ports: [80, 8080],
};
