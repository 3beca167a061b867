/** The controller manager. */
import { component } from '../daemons/components.ts';
import type { ImageSpec } from './image.ts';

export const kubeControllerManager: ImageSpec = {
  repositories: ['registry.k8s.io/kube-controller-manager'],
  tags: /^v1\.3[0-6]\.([0-9]|1\d)$/,
  size: 26,
  base: 'distroless',
  cmd: ['kube-controller-manager'],
  programs: { '/usr/local/bin/kube-controller-manager': component('kube-controller-manager', 10257) },
  ports: [10257],
};
