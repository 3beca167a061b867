/** The `imports` of package.json mean the same to Jest (here), to Node (a process of its own) and to Next (what the pages are built from). */
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '#cluster/schema/resources.ts';

const root = join(import.meta.dirname, '../..');
const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> };

test('Node resolves them as Jest does, TypeScript and JSON included', () => {
  const script =
    "import('#cluster/schema/resources.ts').then(({ resources }) => process.stdout.write(String(resources.length)))";
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(printed).toBe(String(resources.length));
});

test('the pages are written with them, so a build of the pages proves that Next resolves them', () => {
  const pages = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('page.tsx'),
  );
  const texts = pages.map((name) => readFileSync(join(root, 'app', name), 'utf8'));
  expect(texts.some((text) => text.includes("from '#server/"))).toBe(true);
});

test.each(Object.entries(imports))('%s points to a folder with .ts in the specifier', (alias, target) => {
  expect(target).toBe(`./${alias.slice(1)}`);
  expect(readdirSync(join(root, alias.slice(1, -2))).length).toBeGreaterThan(0);
});
