/** The API server. */
import { apiServer } from '../control-plane/api-server.ts';
import type { ImageSpec } from './image.ts';

export const kubeApiserver: ImageSpec = {
  repositories: ['registry.k8s.io/kube-apiserver'],
  tags: /^v1\.3[0-6]\.([0-9]|1\d)$/,
  size: 30,
  base: 'distroless',
  cmd: ['kube-apiserver'],
  programs: { '/usr/local/bin/kube-apiserver': apiServer },
  ports: [6443],
};
