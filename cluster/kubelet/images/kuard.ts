/** The demonstration of the book 'Kubernetes: Up and Running'. */
import { kuard as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const kuard: ImageSpec = {
  repositories: ['gcr.io/kuar-demo/kuard-amd64'],
  tags: /^(blue|green|purple|1|2|3|v0\.\d+(\.\d+)?(-(blue|green|purple))?)$/,
  size: 10,
  base: 'alpine',
  cmd: ['/kuard'],
  programs: { '/kuard': program },
  ports: [8080],
  user: 65534,
};
