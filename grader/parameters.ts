/**
 * Parameters: what differs between one learner's task and another's. `{{name}}` stands for a parameter in every file of a
 * scenario; the same seed gives the same task.
 */
import { createHash } from 'node:crypto';
import { isScalar, visit } from 'yaml';
import { SeededRandom } from '#cluster/random.ts';
import { nearest } from './near.ts';
import type { Source, Problem } from './problem.ts';

type Scalar = string | number;
export type Choices = Scalar[] | Record<string, Scalar>[] | { min: number; max: number; step?: number };
export type Parameters = Record<string, Choices>;

/** By what stands in the braces: `team`, or `size.cpu` for a part of a choice. */
export type Values = ReadonlyMap<string, Scalar>;

/** The first choice of everything: what authors read, and what is shown before anything is drawn. */
export const FIRST_SEED = 0;
/** Ranges have at most that many choices. */
const MOST_CHOICES = 1000;
/** Variants that are read when a scenario is loaded, so that no choice is left unread. */
const MOST_READ = 12;

const PLACEHOLDER = /\{\{\s*([a-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?)\s*\}\}/g;
/** Words of Go's templates, which kubectl and helm read themselves. */
const GO_TEMPLATE: ReadonlySet<string> = new Set(['end', 'else', 'break', 'continue']);

function choicesOf(choices: Choices): readonly (Scalar | Record<string, Scalar>)[] {
  if (Array.isArray(choices)) return choices;
  const { min, max, step = 1 } = choices;
  const count = Math.min(MOST_CHOICES, Math.floor((max - min) / step) + 1);
  return Array.from({ length: count }, (_, index) => min + index * step);
}

function valuesBy(parameters: Parameters, pick: (name: string, count: number) => number): Values {
  const values = new Map<string, Scalar>();
  for (const [name, choices] of Object.entries(parameters)) {
    const all = choicesOf(choices);
    const chosen = all[pick(name, all.length)];
    if (typeof chosen === 'object')
      for (const [part, value] of Object.entries(chosen)) values.set(`${name}.${part}`, value);
    else if (chosen !== undefined) values.set(name, chosen);
  }
  return values;
}

/** Each parameter by its own draw, so that one more parameter changes none of the others. */
export const drawValues = (parameters: Parameters, seed: number): Values =>
  valuesBy(parameters, (name, count) => {
    if (seed === FIRST_SEED) return 0;
    const own = createHash('sha256').update(`${seed} ${name}`).digest().readUInt32LE();
    return Math.floor(new SeededRandom(own).next() * count);
  });

/** So many sets of values that every choice is in one of them, as far as the limit goes. */
export function everyChoice(parameters: Parameters): Values[] {
  const most = Math.max(1, ...Object.values(parameters).map((choices) => choicesOf(choices).length));
  return Array.from({ length: Math.min(most, MOST_READ) }, (_, turn) =>
    valuesBy(parameters, (_name, count) => turn % count),
  );
}

/** Puts values into texts, and keeps account of what was asked for. */
export class Filling {
  readonly values: Values;
  readonly #used = new Set<string>();

  constructor(values: Values) {
    this.values = values;
  }

  /** Names that no file asked for. */
  get unused(): string[] {
    return [...this.values.keys()].filter((name) => !this.#used.has(name));
  }

  /** `wrong` is told of each name that is none. */
  text(text: string, wrong: (message: string) => void): string {
    return text.replace(PLACEHOLDER, (all, name: string) => {
      const value = this.#value(name, wrong);
      return value === undefined ? all : String(value);
    });
  }

  /** A scalar that is nothing but a parameter takes its value as it is: a number stays a number. */
  document(source: Source): Problem[] {
    const problems: Problem[] = [];
    visit(source.document, {
      Scalar: (_, node) => {
        if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes('{{')) return;
        const { line, col } = source.lines.linePos(node.range?.[0] ?? 0);
        const wrong = (message: string) => void problems.push({ file: source.file, line, column: col, message });
        const [whole, only] = new RegExp(`^${PLACEHOLDER.source}$`).exec(node.value) ?? [];
        node.value =
          whole === undefined ? this.text(node.value, wrong) : (this.#value(only ?? '', wrong) ?? node.value);
      },
    });
    return problems;
  }

  #value(name: string, wrong: (message: string) => void): Scalar | undefined {
    const value = this.values.get(name);
    // without parameters the braces are somebody else's
    if (value === undefined && this.values.size > 0 && !GO_TEMPLATE.has(name)) {
      const known = [...this.values.keys()];
      const meant = nearest(name, known);
      const list = known.length === 0 ? 'this scenario has none; give "parameters"' : `parameters: ${known.join(', ')}`;
      wrong(
        `there is no parameter ${JSON.stringify(name)}; ${meant === undefined ? list : `did you mean ${JSON.stringify(meant)}?`}`,
      );
    }
    this.#used.add(name);
    return value;
  }
}
