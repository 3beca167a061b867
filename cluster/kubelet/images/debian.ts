/** Debian. */
import type { ImageSpec } from './image.ts';

export const debian: ImageSpec = {
  repositories: ['debian', 'registry.k8s.io/build-image/debian-base'],
  tags: /^(latest|bookworm-v\d+\.\d+\.\d+|stable|testing|unstable|sid|(buster|bullseye|bookworm|trixie)|1[0-3](\.\d+)?|stable-slim|(buster|bullseye|bookworm|trixie|1[0-3](\.\d+)?)-slim)$/,
  size: (tag) => (tag.includes('slim') ? 29 : 48),
  base: 'debian',
  cmd: ['bash'],
};
