/** The scheduler. */
import { component } from '../daemons/components.ts';
import type { ImageSpec } from './image.ts';

export const kubeScheduler: ImageSpec = {
  repositories: ['registry.k8s.io/kube-scheduler'],
  tags: /^v1\.3[0-6]\.([0-9]|1\d)$/,
  size: 20,
  base: 'distroless',
  cmd: ['kube-scheduler'],
  programs: { '/usr/local/bin/kube-scheduler': component('kube-scheduler', 10259) },
  ports: [10259],
};
