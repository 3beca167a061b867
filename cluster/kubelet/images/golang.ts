/** Go. */
import { notHere } from '../commands/not-here.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const golang: ImageSpec = {
  repositories: ['golang'],
  tags: ANY_VERSION,
  size: (tag) => (tag.includes('alpine') ? 75 : 300),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  packages: ['curl', 'wget', 'perl', 'git'],
  cmd: (tag) => (tag.includes('alpine') ? ['/bin/sh'] : ['bash']),
  programs: { '/usr/local/go/bin/go': notHere, '/usr/local/go/bin/gofmt': notHere },
  workdir: '/go',
  env: {
    PATH: '/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    GOPATH: '/go',
    GOTOOLCHAIN: 'local',
  },
};
