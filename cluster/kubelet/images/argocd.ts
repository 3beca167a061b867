/** Argo CD. */
import { someServer } from '../daemons/small-web.ts';
import { tini } from '../daemons/entrypoints.ts';
import type { ImageSpec } from './image.ts';

export const argocd: ImageSpec = {
  repositories: ['quay.io/argoproj/argocd', 'argoproj/rollouts-demo'],
  tags: /^(latest|v\d+\.\d+\.\d+|blue|green|red|yellow|orange|purple)$/,
  size: 150,
  base: 'ubuntu',
  entrypoint: ['/usr/bin/tini', '--'],
  cmd: ['argocd-server'],
  programs: { '/usr/bin/tini': tini, '/usr/local/bin/argocd-server': someServer([8080]) },
  ports: [8080],
};
