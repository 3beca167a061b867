import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readHome } from './read-home.ts';
import { folder } from './testing.ts';

const asIs = (text: string) => text;

test('files by their path in the home, with parameters in their places', () => {
  const root = folder({
    'home/notes.txt': 'for TEAM\n',
    'home/charts/web/Chart.yaml': 'name: web\n',
    'task.en.md': '',
  });
  expect(readHome(root, (text) => text.replace('TEAM', 'blue'))).toEqual({
    files: { 'charts/web/Chart.yaml': 'name: web\n', 'notes.txt': 'for blue\n' },
    problems: [],
  });
});

test('a scenario without a home has no files', () => {
  expect(readHome(folder({}), asIs)).toEqual({ files: {}, problems: [] });
});

test.each([
  {
    name: 'a link',
    files: {},
    link: true,
    at: 'home/out',
    message: 'a home starts with plain files; this is none',
  },
  {
    name: 'too many files',
    files: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`home/${index}`, ''])),
    at: 'home',
    message: '102 files; a home starts with 100 at most',
  },
  {
    name: 'too much in them',
    files: { 'home/a': 'x'.repeat(300_000), 'home/b': 'x'.repeat(300_000) },
    at: 'home',
    message: '600004 bytes in all; a home starts with 524288 at most',
  },
])('refused: $name', ({ files, link, at, message }) => {
  const root = folder({ 'home/notes.txt': 'kept', ...(files as Record<string, string>) });
  if (link) symlinkSync('/etc/passwd', join(root, 'home/out'));
  const { problems } = readHome(root, asIs);
  expect(problems.map(({ file, message: told }) => ({ file: file.slice(root.length + 1), told }))).toEqual([
    { file: at, told: message },
  ]);
});
