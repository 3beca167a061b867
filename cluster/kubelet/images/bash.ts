/** The shell bash, on Alpine Linux. */
import { bashEntrypoint } from '../daemons/entrypoints.ts';
import { shellProgram } from '../commands/shells.ts';
import type { ImageSpec } from './image.ts';

export const bash: ImageSpec = {
  repositories: ['bash'],
  tags: /^(latest|devel|[345](\.\d+){0,2}(-alpine[\d.]*)?)$/,
  size: 6,
  base: 'alpine',
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['bash'],
  programs: { '/usr/local/bin/bash': shellProgram('bash'), '/usr/local/bin/docker-entrypoint.sh': bashEntrypoint },
};
