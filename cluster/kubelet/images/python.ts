/** Python. */
import { notHere } from '../commands/not-here.ts';
import { pythonProgram } from '../daemons/python.ts';
import { ANY_VERSION, type ImageSpec, versionOf } from './image.ts';

const version = (tag: string): string =>
  versionOf(
    tag,
    {
      '3.14': '3.14.0',
      '3.13': '3.13.9',
      '3.12': '3.12.12',
      '3.11': '3.11.14',
      '3.10': '3.10.19',
      '3.9': '3.9.25',
      '3.8': '3.8.20',
      '2.7': '2.7.18',
      '3': '3.14.0',
      '2': '2.7.18',
    },
    '3.14.0',
  );

export const python: ImageSpec = {
  repositories: ['python'],
  tags: ANY_VERSION,
  size: (tag) => (tag.includes('alpine') ? 17 : tag.includes('slim') ? 44 : 380),
  base: (tag) => (tag.includes('alpine') ? 'alpine' : 'debian'),
  cmd: ['python3'],
  programs: (tag) => {
    const program = pythonProgram(version(tag));
    return {
      '/usr/local/bin/python': program,
      '/usr/local/bin/python3': program,
      '/usr/local/bin/pip': notHere,
      '/usr/local/bin/pip3': notHere,
    };
  },
  env: (tag) => ({ LANG: 'C.UTF-8', PYTHON_VERSION: version(tag) }),
};
