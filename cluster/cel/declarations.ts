/** What an expression may name: functions with their overloads, and variables. */
import type { Type } from './types.ts';
import type { Value } from './values.ts';

/** What a function may need besides its arguments. */
export interface CallContext {
  /** Adds to the cost of the expression. @throws CostExceeded */
  charge(cost: number): void;
}

export interface Overload {
  name: string;
  /** Called as `target.name(...)`: the target is the first parameter. */
  member: boolean;
  params: readonly Type[];
  result: Type;
  /** Gets arguments of its parameters' types, none of them an error. */
  call(args: readonly Value[], context: CallContext): Value;
}

type Call = Overload['call'];

export const global = (name: string, params: readonly Type[], result: Type, call: Call): Overload => ({
  name,
  member: false,
  params,
  result,
  call,
});
export const member = (name: string, params: readonly Type[], result: Type, call: Call): Overload => ({
  name,
  member: true,
  params,
  result,
  call,
});

/** Functions by name; a library is a list of overloads. */
export class Functions {
  readonly #byName = new Map<string, Overload[]>();
  constructor(...libraries: readonly (readonly Overload[])[]) {
    for (const overload of libraries.flat()) {
      const known = this.#byName.get(overload.name);
      if (known) known.push(overload);
      else this.#byName.set(overload.name, [overload]);
    }
  }
  get(name: string): readonly Overload[] | undefined {
    return this.#byName.get(name);
  }
}
