/**
 * Collects what `kubectl explain` prints beside the fields: the doc comments in the generated types of @kubernetes/client-node.
 * Writes .cache/descriptions.json: by schema name, the fields' sentences, and the schema's own under ''. Run by set-up; without
 * the file explain prints <empty>.
 *
 * Usage: node scripts/facts/descriptions.mjs
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const models = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models');
const target = join(root, '.cache/descriptions.json');
const { schemas } = JSON.parse(readFileSync(join(root, 'cluster/schema/facts/schema.json'), 'utf8'));

const files = new Set(readdirSync(models).filter((name) => name.endsWith('.d.ts')));
const capitalised = (word) => word.charAt(0).toUpperCase() + word.slice(1);
const plain = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** client-node puts the group in front of a name only where two groups share one: CoreV1Event and EventsV1Event, but V1Taint. */
function modelOf(schemaName) {
  const [kind = '', version = '', group = ''] = schemaName.split('.').toReversed();
  const short = `${capitalised(version)}${kind}`;
  return [`${capitalised(group)}${short}`, short].find((name) => files.has(`${name}.d.ts`));
}

/** The generator joins paragraphs by two spaces and drops the line breaks of lists. */
const PARAGRAPH = /  /g;
const ENUM_LINE = / - (?=`")/g;

/** The generator escapes quotes and ends of comments, and indents every line. */
const sentence = (comment) =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join('\n')
    .trim()
    .replaceAll(/\\(['"])/g, '$1')
    .replaceAll('/_*', '/*')
    .replaceAll('*_/', '*/')
    .replaceAll(PARAGRAPH, '\n\n')
    .replaceAll(ENUM_LINE, '\n - ');

const COMMENTED = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:export declare class (\w+)|'([^']+)'\??:)/g;

/** Where the real server has a sentence about the field, client-node may have only this one about its type: no help to a reader. */
const ABOUT_THE_TYPE = /^(?:IntOrString is a type that|MicroTime is version of Time|Time is a wrapper around)/;

const found = {};
let missing = 0;
for (const [schemaName, { fields = {} }] of Object.entries(schemas)) {
  const model = modelOf(schemaName);
  if (!model) {
    missing += 1;
    continue;
  }
  const byPlainName = new Map(Object.keys(fields).map((name) => [plain(name), name]));
  const texts = {};
  for (const [, comment, className, member] of readFileSync(join(models, `${model}.d.ts`), 'utf8').matchAll(
    COMMENTED,
  )) {
    const field = className === undefined ? byPlainName.get(plain(member)) : '';
    const text = sentence(comment);
    if (field !== undefined && !ABOUT_THE_TYPE.test(text)) texts[field] = text;
  }
  found[schemaName] = texts;
}

mkdirSync(join(root, '.cache'), { recursive: true });
writeFileSync(`${target}.new`, JSON.stringify(found));
renameSync(`${target}.new`, target);
console.log(`${Object.keys(found).length} schemas described, ${missing} without a description`);
