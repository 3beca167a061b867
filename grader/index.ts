/** The grader's public face. */
export type { Blueprint } from './blueprints/load.ts';
export { blueprintJsonSchema } from './blueprints/schema.ts';
export { grade } from './grade.ts';
export { readFiles } from './files/read-files.ts';
export { tryAll } from './trials.ts';
export { findScenarios, loadScenario, loadScenarios, loadVariant, type Loaded, type ScenarioDir } from './load.ts';
export { lintScenario } from './lint/index.ts';
export { FIRST_SEED } from './parameters.ts';
export { printProblem, type Problem } from './problem.ts';
export { scenarioReference } from './reference.ts';
export { scenarioJsonSchema } from './schema.ts';
export { watchScenarios } from './watch.ts';
export type * from './types.ts';
