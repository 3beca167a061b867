/** Command lines as Go's flag packages read them: `--name=value`, `--name value`, a few short names. */

export interface FlagSpec {
  /** Names of flags that take a value, and what they are without. */
  values: Readonly<Record<string, string>>;
  /** Names of flags that are there or not. */
  switches: readonly string[];
  short?: Readonly<Record<string, string>>;
}

export interface Flags {
  values: Record<string, string>;
  on: ReadonlySet<string>;
  words: string[];
  /** As the package says it: `unknown flag: --x`. */
  problem?: string;
}

export function parseFlags(args: readonly string[], { values, switches, short = {} }: FlagSpec): Flags {
  const parsed: Flags & { on: Set<string> } = { values: { ...values }, on: new Set(), words: [] };
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      parsed.words.push(word);
      continue;
    }
    const long = word.startsWith('--');
    const equals = word.indexOf('=');
    const given = word.slice(long ? 2 : 1, equals === -1 ? undefined : equals);
    const name = long ? given : short[given];
    const value = equals === -1 ? undefined : word.slice(equals + 1);
    if (name !== undefined && switches.includes(name)) {
      if (value === 'false') parsed.on.delete(name);
      else parsed.on.add(name);
    } else if (name !== undefined && Object.hasOwn(values, name)) {
      const next = value ?? args[++at];
      if (next === undefined) return { ...parsed, problem: `flag needs an argument: ${word}` };
      parsed.values[name] = next;
    } else {
      const problem = long ? `unknown flag: --${given}` : `unknown shorthand flag: '${given.charAt(0)}' in ${word}`;
      return { ...parsed, problem };
    }
  }
  return parsed;
}
