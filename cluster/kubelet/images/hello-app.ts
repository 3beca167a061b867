/** Google's hello-app. */
import { helloApp as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const helloApp: ImageSpec = {
  repositories: ['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'],
  tags: /^([12]\.0|latest)$/,
  size: 13,
  base: 'distroless',
  cmd: ['/hello-app'],
  programs: (tag) => ({ '/hello-app': program(tag === '2.0' ? '2.0.0' : '1.0.0') }),
  ports: [8080],
  env: { PORT: '8080' },
};
