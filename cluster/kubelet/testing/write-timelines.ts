/** `node cluster/kubelet/testing/write-timelines.ts [NAME...]`: writes the timelines of `testdata/` anew, to be read and compared with a real kubelet's. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timelineOf } from './timeline.ts';

const DATA = join(import.meta.dirname, '..', 'testdata');
const wanted = process.argv.slice(2);
for (const file of readdirSync(DATA)) {
  const name = file.replace(/\.yaml$/, '');
  if (!file.endsWith('.yaml') || (wanted.length > 0 && !wanted.includes(name))) continue;
  writeFileSync(join(DATA, `${name}.timeline`), timelineOf(readFileSync(join(DATA, file), 'utf8')));
}
