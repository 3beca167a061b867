/** Reads scenario folders. What is wrong in one is told with file and line and keeps that scenario out; the others load. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { parseDuration } from '#cluster/api/durations.ts';
import type { KubeObject } from '#cluster/api/types.ts';
import { makeCheck } from './checks/index.ts';
import { checkValue, resourceOf, schemaOf, unknownKind } from './manifest.ts';
import { parseYamlFile, schemaProblems, type ParsedDocument } from './parse-yaml.ts';
import { problemAt, type Problem } from './problem.ts';
import { scenarioSchema, type ScenarioSource, type SetupSource } from './schema.ts';
import { knownKeys } from './schema-keys.ts';
import type { CheckSpec, Scenario, Script, SetupStep, Text } from './types.ts';

const SCENARIO_FILE = 'scenario.yaml';

export interface ScenarioDir {
  /** A folder of packs: <path>/<pack>/<slug>/scenario.yaml. */
  path: string;
  origin: Scenario['origin'];
}

export interface Loaded {
  scenarios: Scenario[];
  problems: Problem[];
}

/** All scenarios below the folders, in the order of the folders and then of their ids. */
export function loadScenarios(dirs: readonly ScenarioDir[]): Loaded {
  const loaded: Loaded = { scenarios: [], problems: [] };
  const taken = new Map<string, string>();
  for (const dir of dirs) {
    if (!existsSync(dir.path)) {
      loaded.problems.push({ file: dir.path, line: 0, column: 0, message: 'this folder does not exist' });
      continue;
    }
    for (const folder of findScenarios(dir.path)) {
      const id = relative(dir.path, folder).split(sep).join('/') || folder.split(sep).at(-1) || folder;
      const { scenario, problems } = loadScenario(folder, id, dir.origin);
      loaded.problems.push(...problems);
      if (!scenario) continue;
      const other = taken.get(id);
      if (other !== undefined) {
        const message = `the id ${id} is taken by ${other}; rename this folder`;
        loaded.problems.push({ file: join(folder, SCENARIO_FILE), line: 0, column: 0, message });
        continue;
      }
      taken.set(id, folder);
      loaded.scenarios.push(scenario);
    }
  }
  return loaded;
}

/** Folders with a scenario.yaml, at most three levels down, in name order. */
export function findScenarios(path: string, depth = 3): string[] {
  if (existsSync(join(path, SCENARIO_FILE))) return [path];
  if (depth === 0 || !statSync(path).isDirectory()) return [];
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') && statSync(join(path, name)).isDirectory())
    .sort()
    .flatMap((name) => findScenarios(join(path, name), depth - 1));
}

export function loadScenario(
  folder: string,
  id: string,
  origin: Scenario['origin'],
): { scenario?: Scenario; problems: Problem[] } {
  const file = join(folder, SCENARIO_FILE);
  const { documents, problems } = parseYamlFile(file, file);
  const document = documents[0];
  if (!document)
    return { problems: problems.length > 0 ? problems : [{ file, line: 0, column: 0, message: 'is empty' }] };
  const parsed = scenarioSchema.safeParse(document.value, { reportInput: true });
  if (!parsed.success) return { problems: [...problems, ...schemaProblems(document.source, parsed.error, knownKeys)] };
  const reader = new FolderReader(folder, document, problems);
  const scenario = reader.scenario(id, origin, parsed.data);
  return problems.length > 0 ? { problems } : { scenario, problems };
}

class FolderReader {
  readonly #folder: string;
  readonly #document: ParsedDocument;
  readonly #problems: Problem[];

  constructor(folder: string, document: ParsedDocument, problems: Problem[]) {
    this.#folder = folder;
    this.#document = document;
    this.#problems = problems;
  }

  scenario(id: string, origin: Scenario['origin'], source: ScenarioSource): Scenario {
    const { version: _version, setup, checks, mistakes, ...rest } = source;
    const specs = checks.map((check, index): CheckSpec => {
      const { spec, problems } = makeCheck(check);
      for (const { path, message } of problems) this.#tell(['checks', index, ...path], message);
      return spec;
    });
    this.#checkIds(specs);
    const scripts = this.#scripts('mistakes');
    for (const { name } of scripts) {
      if (!mistakes[name])
        this.#tell(['mistakes'], `mistakes/${name}.sh is there, but "mistakes" does not say which checks it must fail`);
    }
    return {
      id,
      folder: this.#folder,
      origin,
      ...rest,
      points: specs.reduce((sum, { points }) => sum + points, 0),
      task: this.#task(),
      setup: setup.map((step, index) => this.#step(step, index)),
      checks: specs,
      solutions: this.#scripts('solutions'),
      mistakes: Object.entries(mistakes).map(([name, fails]) => ({
        name,
        fails: this.#failing(name, fails, specs),
        text: scripts.find((script) => script.name === name)?.text ?? this.#missing(name),
      })),
    };
  }

  #tell(path: readonly PropertyKey[], message: string): void {
    this.#problems.push(problemAt(this.#document.source, path, message));
  }

  #missing(name: string): string {
    this.#tell(['mistakes', name], `mistakes/${name}.sh is missing`);
    return '';
  }

  #failing(name: string, fails: string[], specs: readonly CheckSpec[]): string[] {
    for (const [index, check] of fails.entries()) {
      if (!specs.some((spec) => spec.id === check))
        this.#tell(['mistakes', name, index], `there is no check ${JSON.stringify(check)}`);
    }
    return fails;
  }

  #checkIds(specs: readonly CheckSpec[]): void {
    for (const [index, { id }] of specs.entries()) {
      if (specs.findIndex((other) => other.id === id) < index)
        this.#tell(['checks', index, 'id'], `the id ${JSON.stringify(id)} is taken by another check`);
    }
  }

  #task(): Text {
    const read = (language: keyof Text): string => {
      const file = join(this.#folder, `task.${language}.md`);
      if (existsSync(file)) return readFileSync(file, 'utf8');
      this.#problems.push({ file, line: 0, column: 0, message: 'this file is missing: the task in that language' });
      return '';
    };
    return { en: read('en'), ko: read('ko') };
  }

  #scripts(kind: 'solutions' | 'mistakes'): Script[] {
    const folder = join(this.#folder, kind);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sh'))
      .sort()
      .map((name) => ({ name: name.slice(0, -'.sh'.length), text: readFileSync(join(folder, name), 'utf8') }));
  }

  #step(step: SetupSource, index: number): SetupStep {
    if ('advance' in step) return { advance: parseDuration(step.advance) ?? 0 };
    if (!('apply' in step)) return step;
    const path = resolve(this.#folder, step.apply);
    if (!path.startsWith(this.#folder + sep)) {
      this.#tell(['setup', index, 'apply'], `${step.apply} is outside the scenario's folder`);
      return { apply: [] };
    }
    const { documents, problems } = parseYamlFile(path, path);
    this.#problems.push(...problems);
    return { apply: documents.map((document) => this.#manifest(document)).filter((one) => one !== undefined) };
  }

  #manifest({ source, value }: ParsedDocument): KubeObject | undefined {
    const { kind, apiVersion, metadata } = (value ?? {}) as Partial<KubeObject>;
    const info = typeof kind === 'string' && typeof apiVersion === 'string' ? resourceOf(kind, apiVersion) : undefined;
    if (!info) {
      const message = typeof kind === 'string' ? unknownKind(kind, apiVersion) : 'apiVersion and kind are needed';
      this.#problems.push(problemAt(source, ['kind'], message));
      return undefined;
    }
    if (!metadata?.name) this.#problems.push(problemAt(source, ['metadata'], 'metadata.name is missing'));
    for (const { path, message } of checkValue(value, schemaOf(info)))
      this.#problems.push(problemAt(source, path, message));
    return value as KubeObject;
  }
}
