/** HashiCorp's http-echo: one text for every request. */
import { httpEcho as program } from '../daemons/small-web.ts';
import type { ImageSpec } from './image.ts';

export const httpEcho: ImageSpec = {
  repositories: ['hashicorp/http-echo'],
  tags: /^(latest|alpine|0\.2(\.\d)?|1\.0(\.\d)?)$/,
  size: 4,
  base: 'distroless',
  entrypoint: ['/http-echo'],
  programs: { '/http-echo': program },
  ports: [5678],
  user: 65532,
};
