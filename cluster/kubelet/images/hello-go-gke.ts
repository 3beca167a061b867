/** The backend of that tutorial. */
import { someServer } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const helloGoGke: ImageSpec = {
  repositories: ['gcr.io/google-samples/hello-go-gke'],
  tags: /^1\.0$/,
  size: 12,
  base: 'distroless',
  cmd: ['/usr/bin/hello'],
  programs: { '/usr/bin/hello': someServer([80], () => [], '{"message":"Hello"}\n') },
  ports: [80],
};
