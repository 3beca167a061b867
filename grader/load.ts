/** Reads scenario folders. What is wrong in one is told with file and line and keeps that scenario out; the others load. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { packOf } from './blueprints/draw.ts';
import { loadBlueprints, type Blueprint } from './blueprints/load.ts';
import { parseYamlFile } from './parse-yaml.ts';
import { drawValues, everyChoice, Filling, FIRST_SEED, type Parameters, type Values } from './parameters.ts';
import { isMap } from './paths.ts';
import { inReadingOrder, printProblem, problemAt, type Problem } from './problem.ts';
import { readFolder } from './read-folder.ts';
import { schemaProblems } from './schema-problems.ts';
import { scenarioSchema } from './schema.ts';
import type { Scenario } from './types.ts';

export const SCENARIO_FILE = 'scenario.yaml';
/** <dir>/<pack>/<slug>, and one level to sort packs by. */
const MAX_LEVELS = 3;

export interface ScenarioDir {
  /** A folder of packs: <path>/<pack>/<slug>/scenario.yaml. */
  path: string;
  origin: Scenario['origin'];
}

export interface Loaded {
  scenarios: Scenario[];
  /** The exams of the packs, by their ids. */
  blueprints: Blueprint[];
  problems: Problem[];
}

/** All scenarios below the folders, in the order of the folders and then of their ids. */
export function loadScenarios(dirs: readonly ScenarioDir[]): Loaded {
  const loaded: Loaded = { scenarios: [], blueprints: [], problems: [] };
  const taken = new Map<string, string>();
  for (const dir of dirs) {
    if (!isFolder(dir.path)) {
      loaded.problems.push({ file: dir.path, line: 0, column: 0, message: 'there is no such folder' });
      continue;
    }
    for (const folder of findScenarios(dir.path)) {
      const id = relative(dir.path, folder).split(sep).join('/') || folder.split(sep).at(-1) || folder;
      const { scenario, problems } = loadScenario(folder, id, dir.origin);
      loaded.problems.push(...problems);
      if (!scenario) continue;
      const other = taken.get(id);
      if (other !== undefined) {
        const message = `the id ${id} is taken by ${other}; rename one of the two folders`;
        loaded.problems.push({ file: join(folder, SCENARIO_FILE), line: 0, column: 0, message });
        continue;
      }
      taken.set(id, folder);
      loaded.scenarios.push(scenario);
    }
  }
  for (const { path } of dirs) readExams(path, loaded);
  return loaded;
}

/** A pack's folder has its scenarios' folders in it, and its exams. */
function readExams(dir: string, loaded: Loaded): void {
  for (const pack of new Set(
    loaded.scenarios.filter(({ folder }) => folder.startsWith(dir + sep)).map(({ id }) => packOf(id)),
  )) {
    const { blueprints, problems } = loadBlueprints(join(dir, pack), pack, loaded.scenarios);
    loaded.blueprints.push(...blueprints);
    loaded.problems.push(...problems);
  }
}

/** Folders with a scenario.yaml, at most three levels down, in name order. */
export function findScenarios(path: string, levels = MAX_LEVELS): string[] {
  if (existsSync(join(path, SCENARIO_FILE))) return [path];
  if (levels === 0) return [];
  return namesIn(path)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .map((name) => join(path, name))
    .filter(isFolder)
    .flatMap((folder) => findScenarios(folder, levels - 1));
}

/** A link that leads nowhere is no folder. */
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    // a folder that may not be read, or that has just gone: there are no scenarios to be had in it
    return [];
  }
}

/**
 * The scenario as `seed` draws its parameters; every choice is read, so that a problem in one keeps all out. Those that come with
 * Drydock were read so when they were proved, and a server is not to start the later for it.
 */
export function loadScenario(
  folder: string,
  id: string,
  origin: Scenario['origin'],
  seed = FIRST_SEED,
): { scenario?: Scenario; problems: Problem[] } {
  const file = join(folder, SCENARIO_FILE);
  const declared = readParameters(file);
  const read = (values: Values) => readVariant({ folder, id, origin, file, values, parameters: declared });
  const { scenario, problems } = read(drawValues(declared, seed));
  const choices = origin === 'own' ? everyChoice(declared) : [];
  const others = choices.flatMap((values) => read(values).problems);
  const all = distinct([...problems, ...others]);
  return all.length > 0 || !scenario ? { problems: inReadingOrder(all) } : { scenario, problems: [] };
}

/** One variant of a scenario that loads; undefined for one that does not. Quicker than loading it with all its choices. */
export function loadVariant(
  { folder, id, origin }: Pick<Scenario, 'folder' | 'id' | 'origin'>,
  seed: number,
): Scenario | undefined {
  const file = join(folder, SCENARIO_FILE);
  const parameters = readParameters(file);
  return readVariant({ folder, id, origin, file, parameters, values: drawValues(parameters, seed) }).scenario;
}

/** What is wrong with the parameters themselves is told with the rest of the file. */
function readParameters(file: string): Parameters {
  const [document] = parseYamlFile(file).documents;
  const declared = isMap(document?.value) ? document.value['parameters'] : undefined;
  const parsed = scenarioSchema.shape.parameters.safeParse(declared);
  return parsed.success ? parsed.data : {};
}

interface Variant {
  folder: string;
  id: string;
  origin: Scenario['origin'];
  file: string;
  parameters: Parameters;
  values: Values;
}

function readVariant({ folder, id, origin, file, parameters, values }: Variant): {
  scenario?: Scenario;
  problems: Problem[];
} {
  const filling = new Filling(values);
  const { documents, problems } = parseYamlFile(file, filling);
  const [document, second] = documents;
  if (!document) {
    return { problems: problems.length > 0 ? problems : [{ file, line: 0, column: 0, message: 'this file is empty' }] };
  }
  if (second) problems.push(problemAt(second.source, [], 'one scenario a file; this is a second document'));
  const parsed = scenarioSchema.safeParse(document.value);
  if (!parsed.success) {
    return {
      problems: inReadingOrder([...problems, ...schemaProblems(document.source, document.value, parsed.error)]),
    };
  }
  const read = readFolder({ folder, id, origin, source: parsed.data, document, filling });
  problems.push(...read.problems);
  for (const name of filling.unused) {
    const at = ['parameters', name.split('.')[0] ?? name];
    problems.push(
      problemAt(
        document.source,
        at,
        `the parameter ${JSON.stringify(name)} is used nowhere: write {{${name}}} where it belongs`,
      ),
    );
  }
  const scenario = { ...read.scenario, varies: Object.keys(parameters).length > 0 };
  return problems.length > 0 ? { problems: inReadingOrder(problems) } : { scenario, problems };
}

const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [printProblem(problem), problem])).values(),
];
