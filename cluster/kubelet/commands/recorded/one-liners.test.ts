import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { isSame, play } from './play.ts';

// what is known to be otherwise: a line that comes right has to leave the list, with WRITE_DIFFERENCES=1
const FILE = path.join(import.meta.dirname, 'differences.json');

test.each(['busybox', 'gnu'] as const)('%s answers one-liners as the real programs do', (flavour) => {
  const differences = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string[]>;
  const found = play(flavour)
    .filter((played) => !isSame(played))
    .map(({ script }) => script);
  if (process.env['WRITE_DIFFERENCES'] === '1')
    writeFileSync(FILE, `${JSON.stringify({ ...differences, [flavour]: found }, undefined, 2)}\n`);
  else expect(found).toEqual(differences[flavour]);
});
