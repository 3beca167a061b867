// not from the grader's index: pages are bundled with this file, and must not bring a cluster along
import { drawLines, drawQuestions } from '#grader/blueprints/draw.ts';
import { DOMAINS, questionsByDomain } from '#grader/curriculum.ts';
import type { Blueprint } from '#grader/index.ts';
import type { Scenario, Text } from '#grader/types.ts';
import { AppError } from '../errors.ts';
import type { ScenarioLibrary } from '../ports.ts';

/** As many as the real exam asks at most. */
const MAX_QUESTIONS = 17;
/** The real exam's length. */
const MAX_MINUTES = 120;
/** Percent needed to pass the real exam. */
const PASS_PERCENT = 66;

/** An exam that can be started. */
export interface Exam {
  /** `<pack>/<name>` of a blueprint; undefined: drawn from all that come with Drydock. */
  id: string | undefined;
  title: Text | undefined;
  minutes: number;
  passPercent: number;
  /** With a draw, those of this seed. */
  scenarios: readonly Scenario[];
}

type Library = ReturnType<ScenarioLibrary['current']>;

/** All exams that can be started: the draw, then the blueprints. */
export const examsIn = (library: Library): Exam[] => [
  drawnExam(library.scenarios, 0),
  ...library.blueprints.map((blueprint) => fromBlueprint(library, blueprint, 0)),
];

/** The exam of a blueprint, or without one the draw. @throws AppError `exam-not-found` */
export function examOf(library: Library, id: string | undefined, seed: number): Exam {
  if (id === undefined) return drawnExam(library.scenarios, seed);
  const blueprint = library.blueprints.find((one) => one.id === id);
  if (blueprint === undefined) throw new AppError('exam-not-found');
  return fromBlueprint(library, blueprint, seed);
}

function fromBlueprint({ scenarios }: Library, blueprint: Blueprint, seed: number): Exam {
  const { id, title, minutes, pass } = blueprint;
  return { id, title, minutes, passPercent: pass, scenarios: drawQuestions(blueprint, scenarios, seed).scenarios };
}

/**
 * Of the scenarios that come with Drydock as many of each domain as the curriculum weighs it, easy ones first. The same seed and
 * scenarios give the same exam.
 */
function drawnExam(scenarios: readonly Scenario[], seed: number): Exam {
  const shipped = scenarios.filter((scenario) => scenario.origin === 'shipped');
  const count = Math.min(MAX_QUESTIONS, shipped.length);
  const shares = questionsByDomain(count);
  const lines = DOMAINS.map((domain) => ({ domain, count: shares[domain] }));
  const { short } = drawLines(lines, shipped, seed);
  // a domain with too few leaves its room to the others
  const missing = short.reduce((sum, { draw, found }) => sum + draw.count - found, 0);
  return inTheirTime(drawLines([...lines, { count: missing }], shipped, seed).scenarios);
}

/** The scenarios of these ids, in this order; those that have gone since are left out. */
export const sameScenarios = (scenarios: readonly Scenario[], ids: readonly string[]): Exam => {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  return inTheirTime(ids.flatMap((id) => byId.get(id) ?? []));
};

function inTheirTime(scenarios: readonly Scenario[]): Exam {
  // One of full length has the real one's time, whatever was drawn.
  const full = scenarios.length >= MAX_QUESTIONS;
  const minutes = full ? MAX_MINUTES : scenarios.reduce((sum, { minutes: each }) => sum + each, 0);
  return {
    id: undefined,
    title: undefined,
    minutes: Math.min(minutes, MAX_MINUTES),
    passPercent: PASS_PERCENT,
    scenarios,
  };
}
