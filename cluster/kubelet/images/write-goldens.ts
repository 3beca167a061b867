/** Writes goldens.json anew: `node cluster/kubelet/images/write-goldens.ts`. What changes is for a person to read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGES } from './index.ts';
import { observe } from './observe.ts';

writeFileSync(
  join(import.meta.dirname, 'goldens.json'),
  `${JSON.stringify(
    IMAGES.map((spec) => observe(spec)),
    undefined,
    2,
  )}\n`,
);
