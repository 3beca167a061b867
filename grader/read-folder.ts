/** From a scenario.yaml that has the right shape to a scenario: reads the files beside it and checks what names what. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { parseDuration } from '#cluster/api/durations.ts';
import type { KubeObject } from '#cluster/api/types.ts';
import { makeCheck } from './checks/index.ts';
import { checkValue, resourceOf, schemaOf, unknownKind } from './manifest.ts';
import { nearest } from './near.ts';
import type { Filling } from './parameters.ts';
import { parseYamlFile, readText, type ParsedDocument } from './parse-yaml.ts';
import { isMap } from './paths.ts';
import { problemAt, type Problem } from './problem.ts';
import { refProblems } from './checks/find.ts';
import type { ProbeStep } from './checks/probe.ts';
import type { CheckSource } from './schema-checks.ts';
import type { ProbeStepSource, SetupSource } from './schema-steps.ts';
import type { ScenarioSource } from './schema.ts';
import { readHome } from './read-home.ts';
import type { CheckSpec, Scenario, Script, SetupStep, Text } from './types.ts';

interface Folder {
  folder: string;
  id: string;
  origin: Scenario['origin'];
  source: ScenarioSource;
  document: ParsedDocument;
  filling: Filling;
}

/** With problems the scenario is not to be used. */
export function readFolder(input: Folder): { scenario: Omit<Scenario, 'varies'>; problems: Problem[] } {
  const reader = new FolderReader(input);
  const scenario = reader.scenario();
  return { scenario, problems: reader.problems };
}

function noSuchCheck(id: string, ids: readonly string[]): string {
  const meant = nearest(id, ids);
  const cure = meant === undefined ? `checks: ${ids.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
  return `there is no check ${JSON.stringify(id)}; ${cure}`;
}

/** `from` needs `id`, itself or through others. */
function needsIt(specs: readonly CheckSpec[], from: string, id: string, seen = new Set<string>()): boolean {
  if (from === id) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  const needs = specs.find((spec) => spec.id === from)?.needs ?? [];
  return needs.some((next) => needsIt(specs, next, id, seen));
}

class FolderReader {
  readonly problems: Problem[] = [];
  readonly #input: Folder;

  constructor(input: Folder) {
    this.#input = input;
  }

  scenario(): Omit<Scenario, 'varies'> {
    const { folder, id, origin, source } = this.#input;
    const { version: _version, parameters: _parameters, setup, checks, mistakes, host, ...rest } = source;
    const explanation = this.#explanation();
    const specs = checks.map((check, index) => this.#check(check, index));
    this.#checkIds(specs);
    return {
      id,
      folder,
      origin,
      ...rest,
      ...(host === undefined ? {} : { host }),
      ...(explanation ? { explanation } : {}),
      points: specs.reduce((sum, { points }) => sum + points, 0),
      task: { en: this.#prose('task', 'en'), ko: this.#prose('task', 'ko') },
      setup: setup.map((step, index) => this.#step(step, ['setup', index])),
      home: this.#home(),
      checks: specs,
      solutions: this.#scripts('solutions'),
      mistakes: this.#mistakes(mistakes, specs),
    };
  }

  #tell(path: readonly PropertyKey[], message: string): void {
    this.problems.push(problemAt(this.#input.document.source, path, message));
  }

  #check(check: CheckSource, index: number): CheckSpec {
    const at = ['checks', index];
    const { spec, problems } = makeCheck('probe' in check ? { ...check, probe: this.#probe(check.probe, at) } : check);
    for (const { path, message } of problems) this.#tell([...at, ...path], message);
    if ('object' in check && check.object.kind === 'Node') this.#node(check.object.name, [...at, 'object', 'name']);
    if ('unchanged' in check && check.unchanged.kind === 'Node')
      this.#node(check.unchanged.name, [...at, 'unchanged', 'name']);
    return spec;
  }

  #probe(steps: readonly ProbeStepSource[], at: readonly PropertyKey[]): ProbeStep[] {
    return steps.map((step, index) => {
      if ('exec' in step) return step;
      const { refused, ...rest } = { refused: undefined, ...step };
      const taken = this.#step(rest, [...at, 'probe', index]);
      return refused === undefined ? taken : { ...taken, refused };
    });
  }

  #checkIds(specs: readonly CheckSpec[]): void {
    for (const [index, { id }] of specs.entries()) {
      if (specs.findIndex((other) => other.id === id) < index)
        this.#tell(['checks', index, 'id'], `the id ${JSON.stringify(id)} is taken by another check`);
    }
    const ids = specs.map(({ id }) => id);
    for (const [index, { id, needs = [] }] of specs.entries()) {
      for (const [position, needed] of needs.entries()) {
        const at = ['checks', index, 'needs', position];
        if (!ids.includes(needed)) this.#tell(at, noSuchCheck(needed, ids));
        else if (needsIt(specs, needed, id)) this.#tell(at, `${JSON.stringify(id)} would wait for itself`);
      }
    }
  }

  #node(name: string, path: readonly PropertyKey[]): void {
    const { nodes } = this.#input.source;
    if (nodes.includes(name)) return;
    this.#tell(path, `there is no node ${JSON.stringify(name)}; nodes: ${nodes.join(', ')}`);
  }

  #mistakes(mistakes: Record<string, string[]>, specs: readonly CheckSpec[]): Scenario['mistakes'] {
    const scripts = new Map(this.#scripts('mistakes').map(({ name, text }) => [name, text]));
    for (const name of scripts.keys()) {
      if (Object.hasOwn(mistakes, name)) continue;
      const example = `${name}: [${specs[0]?.id ?? ''}]`;
      this.#tell(['mistakes'], `mistakes/${name}.sh is not in "mistakes"; add the checks it must fail: ${example}`);
    }
    const ids = specs.map(({ id }) => id);
    return Object.entries(mistakes).map(([name, fails]) => {
      const text = scripts.get(name);
      if (text === undefined) this.#tell(['mistakes', name], `the file mistakes/${name}.sh is missing`);
      for (const [index, check] of fails.entries()) {
        if (ids.includes(check)) continue;
        this.#tell(['mistakes', name, index], noSuchCheck(check, ids));
      }
      return { name, fails, text: text ?? '' };
    });
  }

  /** Read where there is one; in both languages or in none. */
  #explanation(): Text | undefined {
    const languages = ['en', 'ko'] as const;
    const there = languages.some((language) => existsSync(join(this.#input.folder, `explanation.${language}.md`)));
    return there ? { en: this.#prose('explanation', 'en'), ko: this.#prose('explanation', 'ko') } : undefined;
  }

  #prose(what: 'task' | 'explanation', language: keyof Text): string {
    const file = join(this.#input.folder, `${what}.${language}.md`);
    const read = readText(file);
    if ('text' in read && read.text.trim() !== '') return this.#filled(read.text, file);
    const names = { en: 'English', ko: 'Korean' };
    const message = `${'text' in read ? 'this file is empty' : read.problem.message}: the ${what} in ${names[language]}`;
    this.problems.push({ file, line: 0, column: 0, message });
    return '';
  }

  #filled(text: string, file: string): string {
    return this.#input.filling.text(text, (message) => this.problems.push({ file, line: 0, column: 0, message }));
  }

  #home(): Scenario['home'] {
    const { files, problems } = readHome(this.#input.folder, (text, file) => this.#filled(text, file));
    this.problems.push(...problems);
    return files;
  }

  #scripts(kind: 'solutions' | 'mistakes'): Script[] {
    const folder = join(this.#input.folder, kind);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith('.sh'));
    return names.sort().flatMap((name) => {
      const read = readText(join(folder, name));
      if ('text' in read)
        return [{ name: name.slice(0, -'.sh'.length), text: this.#filled(read.text, join(folder, name)) }];
      this.problems.push(read.problem);
      return [];
    });
  }

  #step(step: SetupSource, at: readonly PropertyKey[]): SetupStep {
    if ('advance' in step) return { advance: parseDuration(step.advance) ?? 0 };
    if ('apply' in step) return { apply: this.#manifests(step.apply, [...at, 'apply']) };
    if ('delete' in step) {
      for (const { path, message } of refProblems(step.delete)) this.#tell([...at, 'delete', ...path], message);
      return { delete: step.delete };
    }
    if ('taint' in step) this.#node(step.taint.node, [...at, 'taint', 'node']);
    else if ('label' in step) this.#node(step.label.node, [...at, 'label', 'node']);
    else for (const [kind, node] of Object.entries(step)) this.#node(node, [...at, kind]);
    return step;
  }

  /** In the scenario's folder; `shared/<name>` is the pack's, beside it. */
  #manifests(name: string, place: readonly PropertyKey[]): KubeObject[] {
    const { folder } = this.#input;
    const base = name.startsWith('shared/') ? dirname(folder) : folder;
    const root = realpathSync(base);
    const path = resolve(root, name);
    if (!existsSync(path)) {
      this.#tell(place, `the file ${name} is missing`);
      return [];
    }
    if (!realpathSync(path).startsWith((base === folder ? root : join(root, 'shared')) + sep)) {
      this.#tell(place, `${name} is outside the ${base === folder ? "scenario's" : "pack's shared"} folder`);
      return [];
    }
    const { documents, problems } = parseYamlFile(join(base, name), this.#input.filling);
    this.problems.push(...problems);
    if (documents.length === 0 && problems.length === 0) this.#tell(place, `the file ${name} is empty`);
    return documents.flatMap((document) => this.#manifest(document));
  }

  #manifest({ source, value }: ParsedDocument): KubeObject[] {
    const tell = (path: readonly PropertyKey[], message: string) =>
      void this.problems.push(problemAt(source, path, message));
    if (!isMap(value)) {
      tell([], 'expected a Kubernetes object: a map with apiVersion, kind and metadata');
      return [];
    }
    const { kind, apiVersion, metadata } = value;
    if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
      for (const field of ['apiVersion', 'kind'])
        if (typeof value[field] !== 'string') tell([field], `${JSON.stringify(field)} is missing`);
      return [];
    }
    const info = resourceOf(kind, apiVersion);
    if (!info) {
      tell([resourceOf(kind) ? 'apiVersion' : 'kind'], unknownKind(kind, apiVersion));
      return [];
    }
    if (!isMap(metadata) || typeof metadata['name'] !== 'string') tell(['metadata'], '"name" is missing in metadata');
    else if (!info.namespaced && metadata['namespace'] !== undefined)
      tell(['metadata', 'namespace'], `a ${kind} lives in no namespace; leave "namespace" out`);
    for (const { path, message } of checkValue(value, schemaOf(info))) tell(path, message);
    return [value as unknown as KubeObject];
  }
}
