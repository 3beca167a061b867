// Writes cluster/schema/facts/go-fields.json from the Go types of Kubernetes. For the maintainers; needs Go.
//   node scripts/facts/go-fields.mjs MODULE_DIR    a folder with a go.mod that requires k8s.io/kubernetes
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [moduleDir] = process.argv.slice(2);
if (!moduleDir) {
  console.error('usage: node scripts/facts/go-fields.mjs MODULE_DIR');
  process.exit(2);
}
const here = import.meta.dirname;
const facts = join(here, '../../cluster/schema/facts');
const { schemas, kubernetes } = JSON.parse(readFileSync(join(facts, 'schema.json'), 'utf8'));

const work = mkdtempSync(join(moduleDir, 'go-fields-'));
try {
  copyFileSync(join(here, 'go-fields.go'), join(work, 'main.go'));
  const printed = execFileSync('go', ['run', '-mod=mod', work], { cwd: moduleDir, maxBuffer: 64 * 1024 * 1024 });
  const types = JSON.parse(printed.toString());
  const rows = Object.keys(schemas)
    .filter((name) => schemas[name].fields && types[name])
    .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(types[name])}`);
  const missing = Object.keys(schemas).filter((name) => schemas[name].fields && !types[name]);
  if (missing.length > 0) console.error(`no Go type found for: ${missing.join(', ')}`);
  writeFileSync(
    join(facts, 'go-fields.json'),
    `{"kubernetes": ${JSON.stringify(kubernetes)},\n"types": {\n${rows.join(',\n')}\n}}\n`,
  );
} finally {
  rmSync(work, { recursive: true });
}
