/** Perl: the documentation computes pi with it. */
import { perlProgram } from '../commands/perl.ts';
import type { ImageSpec } from './image.ts';

export const perl: ImageSpec = {
  repositories: ['perl'],
  tags: /^(latest|stable|devel|slim|5(\.\d+){0,2}(-[a-z0-9.-]+)?)$/,
  size: (tag) => (tag.includes('slim') ? 60 : 330),
  base: 'debian',
  packages: ['curl', 'wget', 'procps'],
  cmd: (tag) => [`perl${/^5\.\d+\.\d+/.exec(tag)?.[0] ?? '5.42.0'}`, '-de0'],
  programs: (tag) => ({
    '/usr/local/bin/perl': perlProgram,
    [`/usr/local/bin/perl${/^5\.\d+\.\d+/.exec(tag)?.[0] ?? '5.42.0'}`]: perlProgram,
  }),
  workdir: '/usr/src/app',
};
