/** Reads the blueprints of a pack: `<pack>/exams/<name>.yaml`. What is wrong in one is told with its place and keeps that one out. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nearest } from '../near.ts';
import { parseYamlFile } from '../parse-yaml.ts';
import { inReadingOrder, problemAt, type Problem, type Source } from '../problem.ts';
import { schemaProblems } from '../schema-problems.ts';
import type { Scenario } from '../types.ts';
import { drawQuestions, packOf } from './draw.ts';
import { blueprintJsonSchema, blueprintSchema, type BlueprintSource } from './schema.ts';

const SUFFIX = '.yaml';

export interface Blueprint extends Omit<BlueprintSource, 'version'> {
  /** `<pack>/<name>` */
  id: string;
  pack: string;
}

/** `folder` is the pack's, `pack` its name in scenarios' ids. */
export function loadBlueprints(
  folder: string,
  pack: string,
  scenarios: readonly Scenario[],
): { blueprints: Blueprint[]; problems: Problem[] } {
  const exams = join(folder, 'exams');
  const blueprints: Blueprint[] = [];
  const problems: Problem[] = [];
  const names = existsSync(exams) ? readdirSync(exams).filter((name) => name.endsWith(SUFFIX)) : [];
  for (const name of names.sort()) {
    const read = readBlueprint(join(exams, name), pack, scenarios);
    problems.push(...read.problems);
    if (read.blueprint) blueprints.push(read.blueprint);
  }
  return { blueprints, problems };
}

function readBlueprint(
  file: string,
  pack: string,
  scenarios: readonly Scenario[],
): { blueprint?: Blueprint; problems: Problem[] } {
  const { documents, problems } = parseYamlFile(file);
  const [document] = documents;
  if (!document) {
    return { problems: problems.length > 0 ? problems : [{ file, line: 0, column: 0, message: 'this file is empty' }] };
  }
  const parsed = blueprintSchema.safeParse(document.value);
  if (!parsed.success)
    return {
      problems: inReadingOrder(schemaProblems(document.source, document.value, parsed.error, blueprintJsonSchema())),
    };
  const { version: _version, questions, ...source } = parsed.data;
  const blueprint: Blueprint = { ...source, id: `${pack}/${basename(file, SUFFIX)}`, pack };
  if (questions) blueprint.questions = questions.map((name) => (name.includes('/') ? name : `${pack}/${name}`));
  const wrong = inReadingOrder(contents(blueprint, document.source, scenarios));
  return wrong.length > 0 ? { problems: wrong } : { blueprint, problems: [] };
}

/** What the schema cannot see: scenarios that are not there, and lines that ask for more than the pack has. */
function contents(blueprint: Blueprint, source: Source, scenarios: readonly Scenario[]): Problem[] {
  const { questions, draw } = blueprint;
  if ((questions === undefined) === (draw === undefined))
    return [problemAt(source, questions ? ['draw'] : [], 'give either "questions" or "draw"')];
  const known = scenarios.map(({ id }) => id);
  const missing = (questions ?? []).flatMap((id, index) => {
    const at = ['questions', index];
    if (questions?.indexOf(id) !== index) return [problemAt(source, at, `${id} is asked twice`)];
    if (known.includes(id)) return [];
    const meant = nearest(id, known);
    const cure = meant === undefined ? `the pack has ${count(id, known)}` : `did you mean ${JSON.stringify(meant)}?`;
    return [problemAt(source, at, `there is no scenario ${JSON.stringify(id)}; ${cure}`)];
  });
  const { short } = drawQuestions(blueprint, scenarios, 0);
  return [
    ...missing,
    ...short.map(({ draw: line, found }) =>
      problemAt(
        source,
        ['draw', draw?.indexOf(line) ?? 0, 'count'],
        `asks for ${line.count} scenarios of this sort; the pack has ${found} that no line before takes`,
      ),
    ),
  ];
}

const count = (id: string, known: readonly string[]) =>
  `${known.filter((other) => packOf(other) === packOf(id)).length} others`;
