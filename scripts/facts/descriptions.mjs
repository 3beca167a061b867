/**
 * Collects what `kubectl explain` prints beside the fields, from the doc comments of generated types: those of
 * @kubernetes/client-node, whose sentences are current but which lose line breaks and say nothing about fields that are objects, and,
 * where it is installed, of kubernetes-models, which is older and keeps both. Writes .cache/descriptions.json: by schema name, the
 * fields' sentences, and the schema's own under ''. Run by set-up; without the file explain prints <empty>.
 * Where both differ from the API server 1.35.4 (they are of other versions), descriptions-1.35.json has its sentence.
 *
 * Usage: node scripts/facts/descriptions.mjs
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = join(root, 'node_modules');
const target = join(root, '.cache/descriptions.json');
const { schemas } = JSON.parse(readFileSync(join(root, 'cluster/schema/facts/schema.json'), 'utf8'));

const capitalised = (word) => word.charAt(0).toUpperCase() + word.slice(1);
const plain = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
/** io.k8s.api.core.v1.Taint: kind, version, group (or `meta`), as the generators use them. */
const parts = (schemaName) => schemaName.split('.').toReversed();

const models = join(packages, '@kubernetes/client-node/dist/gen/models');
const modelFiles = new Set(readdirSync(models));
/** The group stands in front of a name only where two groups share one: CoreV1Event and EventsV1Event, but V1Taint. */
function modelFile(schemaName) {
  const [kind = '', version = '', group = ''] = parts(schemaName);
  const short = `${capitalised(version)}${kind}`;
  const name = [`${capitalised(group)}${short}.d.ts`, `${short}.d.ts`].find((file) => modelFiles.has(file));
  return name && join(models, name);
}

/** What all groups share has a package of its own. */
const MACHINERY = 'io.k8s.apimachinery.pkg.';
const older = join(packages, 'kubernetes-models');
const olderGroups = existsSync(older) ? readdirSync(older) : [];
function olderFile(schemaName) {
  const [kind = '', version = '', group = ''] = parts(schemaName);
  const folder = olderGroups.find((name) => name.split('.')[0] === group);
  const file = schemaName.startsWith(MACHINERY)
    ? `${join(packages, '@kubernetes-models/apimachinery', ...schemaName.slice(MACHINERY.length).split('.'))}.d.ts`
    : join(older, group === 'core' ? '' : (folder ?? group), version, `${kind}.d.ts`);
  return existsSync(file) ? file : undefined;
}

/** The generators escape quotes, ends of comments and asterisks, and indent every line. */
const sentence = (comment) =>
  comment
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
    .replaceAll(/\\(['"*])/g, '$1')
    .replaceAll('/_*', '/*')
    .replaceAll('*_/', '*/');

const COMMENTED =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:export (?:declare class|interface|type) (\w+)|['"]([^'"]+)['"]\??:)/g;
/** Where the real server has a sentence about the field, client-node may have only this one about its type: no help to a reader. */
const ABOUT_THE_TYPE = /^(?:IntOrString is a type that|MicroTime is version of Time|Time is a wrapper around)/;

/** Field name, or '' for the schema, to sentence. The first comment on a name counts. */
function textsOf(file, fields) {
  const texts = new Map();
  if (!file) return texts;
  const byPlainName = new Map(Object.keys(fields).map((name) => [plain(name), name]));
  for (const [, comment, typeName, member] of readFileSync(file, 'utf8').matchAll(COMMENTED)) {
    const field = typeName === undefined ? byPlainName.get(plain(member)) : '';
    const text = sentence(comment);
    if (field !== undefined && !texts.has(field) && !ABOUT_THE_TYPE.test(text)) texts.set(field, text);
  }
  return texts;
}

/** client-node joins paragraphs by two spaces, and the lines of lists by one. */
const broken = (text) => text.replaceAll('  ', '\n\n').replaceAll(/ - (?=`")/g, '\n - ');
/** What two texts have in common: newer ones begin with the field's name as it is written in YAML, older ones in any way. */
const core = (text, field) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replace(/ ?Possible enum values: .*$/, '')
    .replaceAll('`', '')
    .toLowerCase()
    .replace(new RegExp(`^${field.toLowerCase()} `), '')
    .replace(/^(?:is|are|contains?)? ?(?:the )?/, '');

const corrections = JSON.parse(readFileSync(join(import.meta.dirname, 'descriptions-1.35.json'), 'utf8'));

const found = {};
for (const [schemaName, { fields = {} }] of Object.entries(schemas)) {
  const current = textsOf(modelFile(schemaName), fields);
  const exact = textsOf(olderFile(schemaName), fields);
  const texts = {};
  for (const name of ['', ...Object.keys(fields)]) {
    const [now, then] = [current.get(name), exact.get(name)];
    const same = now !== undefined && then !== undefined && core(now, name) === core(then, name);
    const text = now === undefined || same ? then : broken(now);
    if (text !== undefined) texts[name] = text;
  }
  Object.assign(texts, corrections[schemaName]);
  if (Object.keys(texts).length > 0) found[schemaName] = texts;
}

mkdirSync(join(root, '.cache'), { recursive: true });
writeFileSync(`${target}.new`, JSON.stringify(found));
renameSync(`${target}.new`, target);
console.log(`${Object.keys(found).length} of ${Object.keys(schemas).length} schemas described`);
