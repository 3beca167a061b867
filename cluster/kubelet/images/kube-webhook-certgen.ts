/** Makes certificates for the ingress controller. */
import { succeed } from '../daemons/entrypoints.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const kubeWebhookCertgen: ImageSpec = {
  repositories: ['registry.k8s.io/ingress-nginx/kube-webhook-certgen'],
  tags: ANY_VERSION,
  size: 20,
  base: 'distroless',
  entrypoint: ['/kube-webhook-certgen'],
  programs: { '/kube-webhook-certgen': succeed },
  ports: [],
};
