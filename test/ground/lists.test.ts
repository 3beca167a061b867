/** What is listed by hand and what is on disk agree: a unit that nobody joins does nothing, and nobody would notice. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

interface Unit {
  /** Where the units lie. */
  folder: string;
  /** The list that joins them. */
  list: string;
  /** A unit is a folder of its own, or a file. */
  kind: 'folder' | 'file';
  /** In the folder for other reasons. */
  except: readonly string[];
}

const UNITS: Unit[] = [
  { folder: 'cluster/admission', list: 'cluster/admission/index.ts', kind: 'folder', except: [] },
  { folder: 'cluster/controllers', list: 'cluster/controllers/index.ts', kind: 'folder', except: [] },
  {
    folder: 'cluster/scheduler/plugins',
    list: 'cluster/scheduler/plugins/index.ts',
    kind: 'file',
    except: ['index', 'pod-affinity-terms', 'resource-scoring', 'spread-constraints'],
  },
  {
    folder: 'grader/checks',
    list: 'grader/checks/index.ts',
    kind: 'file',
    except: ['index', 'check', 'count', 'file-lines', 'file-list', 'find', 'near-miss', 'near-miss-fields'],
  },
];

function unitsOf({ folder, kind, except }: Unit): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => statSync(join(root, folder, name)).isDirectory() === (kind === 'folder'))
    .filter((name) => !name.endsWith('.test.ts') && !name.startsWith('test'))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !except.includes(name));
}

for (const unit of UNITS) {
  const text = readFileSync(join(root, unit.list), 'utf8');
  test.each(unitsOf(unit))(`${unit.folder}/%s is in ${unit.list}: add its line there`, (name) => {
    expect(text).toContain(unit.kind === 'folder' ? `'./${name}/` : `'./${name}.ts'`);
  });
}

const kindFiles = readdirSync(join(root, 'cluster/kinds'), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts',
);
const kindList = readFileSync(join(root, 'cluster/kinds/index.ts'), 'utf8');
test.each(
  kindFiles.filter((name) => /export const \w+: Kind\b/.test(readFileSync(join(root, 'cluster/kinds', name), 'utf8'))),
)('cluster/kinds/%s is in cluster/kinds/index.ts: add its line there', (name) => {
  expect(kindList).toContain(`'./${name}'`);
});

test.each(
  readdirSync(join(root, 'cluster/admission'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name),
)('cluster/admission/%s has a test beside it', (name) => {
  expect(readdirSync(join(root, 'cluster/admission', name)).some((file) => file.endsWith('.test.ts'))).toBe(true);
});
