/** Alpine Linux. */
import type { ImageSpec } from './image.ts';

export const alpine: ImageSpec = {
  repositories: ['alpine'],
  tags: /^(latest|edge|3(\.([0-9]|1\d|2[0-3])(\.\d+)?)?)$/,
  size: 3.8,
  base: 'alpine',
  cmd: ['/bin/sh'],
};
